/**
 * A request to fine-tune: what run.json holds. The JSON Schema that completes and validates it as one types is generated
 * from `RunRequest`, so that what is said of a field here is what the editor shows. Paths are relative to the run.json.
 */
export type MethodName = 'lm' | 'sft' | 'classification' | 'reward' | 'dpo' | 'ppo';

/** A request with every field there: run.json once its run has started. */
export interface RunSpec {
  /**
   * What is learned. lm: texts as such. sft: completions of prompts. classification: labels of texts. reward, dpo: from
   * pairs of better and worse answers. ppo: by a reward.
   */
  readonly method: MethodName;
  /** A folder (starts with . / ~ or a drive letter), an id from the models list, else a hub name owner/name[@revision][:subfolder]. */
  readonly model: string;
  /** What is trained on: a file, and how its rows become examples. */
  readonly dataset: DatasetSpec;
  /** How it is trained. */
  readonly training: TrainingSpec;
  /** What of the model trains: layers, or a LoRA adapter beside them. */
  readonly trainable: TrainableSpec;
  /** Of the method classification. No effect on others. */
  readonly classification: ClassificationSpec;
  /** Of the method sft. No effect on others. */
  readonly sft: SftSpec;
  /** Of the method dpo. No effect on others. */
  readonly dpo: DpoSpec;
  /** Of the method reward. No effect on others. */
  readonly reward: RewardSpec;
  /** Of the method ppo. No effect on others. */
  readonly ppo: PpoSpec;
  /** Where it trains: auto takes the best that works here; cpu, cuda, cuda:1 and so on. */
  readonly device: string;
  /** Threads of the processor to compute with; null: all. Little effect where a GPU computes. */
  readonly threads: number | null;
  /** What it computes in; f16 (with loss scaling) and bf16 are for CUDA only. */
  readonly precision: 'f32' | 'f16' | 'bf16';
  /** Start from the model's weights, or random: from N(0, initializer_range), seeded; the model folder then needs no weights. */
  readonly initialize: 'weights' | 'random';
  /** Who trains: LM Lab itself (onnx), or PyTorch in a Python environment of yours (torch). */
  readonly backend: 'onnx' | 'torch';
  /** Of the backend torch. No effect on onnx. */
  readonly torch: TorchSpec;
}

/** What one writes: `method`, `model` and `dataset.file`, and whatever differs from the defaults. */
export interface RunRequest {
  readonly method: RunSpec['method'];
  readonly model: RunSpec['model'];
  readonly dataset: Pick<DatasetSpec, 'file'> & Partial<Omit<DatasetSpec, 'split'>> & { readonly split?: SplitRequest };
  readonly training?: Partial<TrainingSpec>;
  readonly trainable?: { readonly layers: LayersSpec } | { readonly lora: Partial<LoraSpec> };
  readonly classification?: Partial<ClassificationSpec>;
  readonly sft?: Partial<SftSpec>;
  readonly dpo?: Partial<DpoSpec>;
  readonly reward?: Partial<RewardSpec>;
  readonly ppo?: Partial<PpoSpec>;
  readonly device?: RunSpec['device'];
  readonly threads?: RunSpec['threads'];
  readonly precision?: RunSpec['precision'];
  readonly initialize?: RunSpec['initialize'];
  readonly backend?: RunSpec['backend'];
  readonly torch?: Partial<TorchSpec>;
}

/** What a column is used as. */
export type Role =
  | 'text'
  | 'label'
  | 'prompt'
  | 'completion'
  | 'instruction'
  | 'input'
  | 'output'
  | 'messages'
  | 'chosen'
  | 'rejected'
  | 'responses'
  | 'scores';

export interface DatasetSpec {
  /** tsv, csv, json, jsonl, parquet or txt, and each with .gz. In a TSV nothing is quoted: a line is a row. */
  readonly file: string;
  /** Whether the first line names the columns; null: guessed. Without a header they are column1, column2, … */
  readonly header: boolean | null;
  /** Role → column; guessed where absent. */
  readonly columns: Readonly<Partial<Record<Role, string>>>;
  /** The prompt: alpaca, question-answer, phi-3, none, or Jinja; for messages a chat template. null: alpaca where there is an instruction. */
  readonly template: string | null;
  /** Applied in order, before the split. */
  readonly steps: readonly DatasetStep[];
  readonly split: SplitSpec;
}

export type DatasetStep =
  /** Keeps the rows for which the Jinja condition holds. */
  | { readonly filter: string }
  /** Adds columns, each rendered by Jinja from the row. */
  | { readonly derive: Readonly<Record<string, string>> }
  /** Leaves as many rows of each value of this column as its rarest has, drawn with the split's seed. */
  | { readonly balance: string }
  /** The first so many rows. */
  | { readonly take: number };

export type Part = 'train' | 'validation' | 'test';

export interface SharesSpec {
  /** Share of the rows to learn from. The three shares add up to 1. */
  readonly train: number;
  /** Share that the evaluations on the way are made with; 0: none is made. */
  readonly validation: number;
  /** Share that is looked at once, at the end; 0: none. */
  readonly test: number;
  /** Whether the rows are shuffled before they are split; else they are taken in file order. */
  readonly shuffle: boolean;
  /** The same seed splits, and balances, the same way. No effect on the split without shuffle. */
  readonly seed: number;
  /** Which part takes its rows first; the last part with a positive share takes the rest. */
  readonly order: readonly Part[];
}

/** The dataset file is the training part; the others stand in files of their own. */
export interface SplitFilesSpec {
  readonly files: Readonly<Partial<Record<'validation' | 'test', string>>>;
}

/** Shares of the rows, which add up to 1, or files. */
export type SplitSpec = SharesSpec | SplitFilesSpec;
export type SplitRequest = Partial<SharesSpec> | SplitFilesSpec;

export interface TrainingSpec {
  /** How often each training row is seen. No effect where maxSteps is given. */
  readonly epochs: number;
  /** Updates in all: overrides epochs, and is the schedule's total; null: epochs count. */
  readonly maxSteps: number | null;
  /** Rows of a micro-batch, which go through the model at once: more are faster, and need more memory. */
  readonly batchSize: number;
  /** Micro-batches of a step: batchSize 1 and accumulation 8 give the same updates as 8 and 1, in less memory. */
  readonly accumulation: number;
  /**
   * Gradients of all blocks at once (whole), or block by block (blocks): then only what enters a block is kept, and the rest
   * computed anew on the way back, which takes less memory and a third more time. auto: blocks where the whole would take
   * more than half of this machine's memory. No effect where a single block trains, nor on a graphics card except for ppo.
   */
  readonly backward: 'auto' | 'whole' | 'blocks';
  /** Leaves out the rows of an epoch that do not fill a step. */
  readonly dropLast: boolean;
  /** Whether each epoch has its own order of rows; else file order. */
  readonly shuffle: boolean;
  /** The same seed gives the same run on the same machine: order, dropout, and weights that start at random. */
  readonly seed: number;
  /** AdamW adapts each weight's rate; SGD needs no memory for that, and a higher learning rate. */
  readonly optimizer: 'adamw' | 'sgd';
  /** Share of the last update that goes on in the next. Of sgd: no effect on adamw. */
  readonly momentum: number;
  /**
   * Size of an update at its highest. Of the order of 5e-5 for all layers of a large model and 3e-4 of a small one, 1e-3
   * for the last blocks or LoRA, 1e-2 for a head alone: with far less they hardly learn.
   */
  readonly learningRate: number;
  /** How the learning rate goes from its highest to the end: it stays, or falls to 0 in a line or half a cosine. */
  readonly schedule: 'constant' | 'linear' | 'cosine';
  /** Steps in which the learning rate rises from 0. No effect where warmupRatio is given. */
  readonly warmupSteps: number;
  /** Warm-up as a share of all steps, rounded up; null: warmupSteps counts. */
  readonly warmupRatio: number | null;
  /** Each step shrinks the weights by this times the learning rate. */
  readonly weightDecay: number;
  /** What decays: tensors of two or more dimensions, or all. No effect where weightDecay is 0. */
  readonly decay: 'matrices' | 'all';
  /** How long adamw remembers gradients and their squares. No effect on sgd. */
  readonly betas: readonly [number, number];
  /** Keeps adamw from dividing by 0. No effect on sgd. */
  readonly epsilon: number;
  /** Gradients are scaled down to this global norm; null: not. */
  readonly maxGradientNorm: number | null;
  /** Tokens of a sequence at most; null: the model's context, and more than that is refused. */
  readonly maxLength: number | null;
  /** Tokens of a prompt at most; null: only maxLength counts. No effect on lm and classification, which have no prompts. */
  readonly maxPromptLength: number | null;
  /** What is done with a row that is longer: cut it, or leave it out. No effect on lm, whose texts are joined and cut into pieces. */
  readonly tooLong: 'cut' | 'drop';
  /** Which end is cut: left is the beginning of the prompt, keeping the completion. No effect on lm. */
  readonly truncate: 'right' | 'left';
  /** What shorter rows are filled up to: the longest of their batch, the longest of the training rows, or a number of tokens. */
  readonly padding: 'batch' | 'longest' | number;
  /** Completions end with <|endoftext|>, which is learned too, so that the model learns to stop. Of lm, sft and dpo. */
  readonly endToken: boolean;
  /** The loss is on the completion alone; else the prompt is learned as well. Of sft. */
  readonly completionOnly: boolean;
  /** Share of activations that are dropped at random in each step, against overfitting; with 0 what is frozen is computed once. */
  readonly dropout: number;
  /** Steps between evaluations, or epoch. There is one before the first step, too. */
  readonly evaluateEvery: number | 'epoch';
  /** Evaluations on the way take the first so many batches in file order; null: all. The last one takes all. */
  readonly evaluationBatches: number | null;
  /** Steps between checkpoints, from which a run goes on after a crash, or epoch. */
  readonly checkpointEvery: number | 'epoch';
  /** How many checkpoints stay; older ones are deleted. */
  readonly keepCheckpoints: number;
  /** The metric whose best model is kept in best/, such as evalLoss; null: only the last model is kept. */
  readonly keepBest: string | null;
  /** Training stops after so many evaluations without improvement of keepBest, else of evalLoss; null: it does not. */
  readonly patience: number | null;
  /** Steps between lines of metrics, and so points of the curves. */
  readonly logEvery: number;
}

export type LoraTarget = 'c_attn' | 'c_proj' | 'c_fc';

export interface LoraSpec {
  /** Width of the two small matrices that train beside each large one: more can learn more. */
  readonly rank: number;
  /** Their product is scaled by alpha / rank. */
  readonly alpha: number;
  /** Share of what enters them that is dropped at random in each step. */
  readonly dropout: number;
  /** Which matrices get them: c_attn (attention, in), c_proj (out of attention and feed-forward), c_fc (feed-forward, in). */
  readonly targets: readonly LoraTarget[];
}

/** all; the head alone; or the last N blocks with the final norm and the head. A tied embedding stays frozen in the last two. */
export type LayersSpec = 'all' | 'head' | { readonly last: number };

export type TrainableSpec = { readonly layers: LayersSpec } | { readonly lora: LoraSpec };

export type Pooling = 'last' | 'first' | 'mean' | 'position';

export interface ClassificationSpec {
  /** Which hidden state the head reads; `position`: that of the padded end, padding attended to. */
  readonly pooling: Pooling;
  /** The labels in the order of the head's outputs; null: those of the training rows, sorted. */
  readonly labels: readonly string[] | null;
  /** A layer between the pooled hidden state and the head; null: none, as transformers' own class has it. */
  readonly hidden: {
    /** Its width. */
    readonly size: number;
    readonly activation: 'relu' | 'gelu' | 'tanh';
    /** Share of its outputs that are dropped at random in each step. */
    readonly dropout: number;
  } | null;
  /** Whether the head has a bias; transformers' own class has none. */
  readonly bias: boolean;
}

export interface SftSpec {
  /** Label → word: the completion of a labelled row, evaluated by the words' likelihood; null: rows have completions of their own. */
  readonly labelWords: Readonly<Record<string, string>> | null;
}

export interface DpoSpec {
  /** How dear it is to go away from the reference model: the smaller, the further the model may go. 0.1 to 0.5. */
  readonly beta: number;
  /** sigmoid: as Rafailov et al. 2023. ipo: a margin to be reached and not exceeded, per token (Azar et al. 2023). */
  readonly loss: 'sigmoid' | 'ipo';
  /** Share of pairs that are taken to be the wrong way round. No effect on ipo. */
  readonly labelSmoothing: number;
  /** The model that answers' probabilities are compared with, named as `model` is; null: the starting model. */
  readonly reference: string | null;
}

export interface RewardSpec {
  /** Which hidden state is scored: that of the last token, of the first, which answers to one prompt share, or the mean of all. */
  readonly pooling: 'last' | 'first' | 'mean';
  /** Weight of the squared sum of both scores of a pair, which keeps scores around 0; null: none. Such as 0.01. */
  readonly centerCoefficient: number | null;
}

export interface PpoSpec {
  /**
   * The model whose score of an answer is the reward: one that the method reward trained, with the tokenizer of the model.
   * Exactly one of this and rewardRule.
   */
  readonly rewardModel: string | null;
  /** How dear each token is that the starting model finds less likely: less lets the policy go further for its reward. */
  readonly klCoefficient: number;
  /** A token's probability changes by this share at most before an update stops to gain from it. */
  readonly clipRange: number;
  /** Weight of the value head's loss beside the policy's. */
  readonly valueCoefficient: number;
  /** What a reward one token later is worth; 1: as much. */
  readonly gamma: number;
  /** How far advantages look ahead: 0 trusts the value head, 1 what came of it (Schulman et al. 2016). */
  readonly lambda: number;
  /** Updates that are made from the answers of a step. */
  readonly epochsPerBatch: number;
  /** Tokens of an answer at most: one that has not ended by then is cut there, and scored as it is. */
  readonly maxNewTokens: number;
  /** At which answers are drawn: below 1 likely tokens more often. */
  readonly temperature: number;
  /** A value changes by this at most before an update stops to gain from it. */
  readonly valueClipRange: number;
  /** Rewards of a step are divided by their deviation. */
  readonly whitenRewards: boolean;
  /** Scores count within this, plus or minus; null: as they are. */
  readonly clipReward: number | null;
  /** The KL divergence of an answer, in nats, that klCoefficient is adapted towards; null: it stays. */
  readonly targetKl: number | null;
  /**
   * A reward of 1 or 0: whether the answer contains a text, starts with it, matches a regular expression, or begins with
   * the label of its row.
   */
  readonly rewardRule:
    | { readonly contains: string }
    | { readonly startsWith: string }
    | { readonly regex: string }
    | { readonly label: true }
    | null;
}

export interface TorchSpec {
  /** The interpreter: a path or a command's name; null: the setting lmLab.python, else the first on the PATH. */
  readonly python: string | null;
  /** In all, over all machines, one for each GPU where they compute on GPUs. A step takes as many times more rows. */
  readonly processes: number;
  /** On each of them the command of log.txt is started, with --machine-rank from 0; LM Lab starts the first. */
  readonly machines: number;
  /** Name or address of the first machine, which the others can reach. No effect on one machine. */
  readonly mainAddress: string | null;
  /** The port where the processes meet; null: 29500, or any on one machine. */
  readonly mainPort: number | null;
  /** A configuration file of yours, by which accelerate launch starts the processes; processes and machines are then its own. */
  readonly accelerateConfig: string | null;
}
