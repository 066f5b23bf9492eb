/**
 * A request to fine-tune: what run.json holds. The JSON Schema that completes and validates it as one types is generated
 * from `RunRequest`, so that what is said of a field here is what the editor shows. Paths are relative to the run.json.
 */
export type MethodName = 'lm' | 'sft' | 'classification' | 'reward' | 'dpo' | 'ppo';

/** A request with every field there: run.json once its run has started. */
export interface RunSpec {
  readonly method: MethodName;
  /** A folder (starts with . / ~ or a drive letter), an id from the models list, else a hub name owner/name[@revision][:subfolder]. */
  readonly model: string;
  readonly dataset: DatasetSpec;
  readonly training: TrainingSpec;
  readonly trainable: TrainableSpec;
  readonly classification: ClassificationSpec;
  readonly sft: SftSpec;
  readonly dpo: DpoSpec;
  readonly reward: RewardSpec;
  readonly ppo: PpoSpec;
  readonly device: string;
  /** Of the processor; null: all. */
  readonly threads: number | null;
  /** The halves are for CUDA only. */
  readonly precision: 'f32' | 'f16' | 'bf16';
  /** `random`: start from N(0, initializer_range), seeded; the model folder then needs no weights. */
  readonly initialize: 'weights' | 'random';
  readonly backend: 'onnx' | 'torch';
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
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly shuffle: boolean;
  readonly seed: number;
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
  readonly epochs: number;
  /** Overrides epochs, and is the schedule's total. */
  readonly maxSteps: number | null;
  /** Rows of a micro-batch. */
  readonly batchSize: number;
  /** Micro-batches of a step. */
  readonly accumulation: number;
  /** Leaves out the rows of an epoch that do not fill a step. */
  readonly dropLast: boolean;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly optimizer: 'adamw' | 'sgd';
  /** Of sgd. */
  readonly momentum: number;
  readonly learningRate: number;
  readonly schedule: 'constant' | 'linear' | 'cosine';
  readonly warmupSteps: number;
  /** Of the total steps, rounded up; null: warmupSteps counts. */
  readonly warmupRatio: number | null;
  readonly weightDecay: number;
  /** What decays: tensors of two or more dimensions, or all. */
  readonly decay: 'matrices' | 'all';
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Gradients are scaled down to this global norm; null: not. */
  readonly maxGradientNorm: number | null;
  /** Tokens of a sequence at most; null: the model's context. */
  readonly maxLength: number | null;
  readonly maxPromptLength: number | null;
  readonly tooLong: 'cut' | 'drop';
  /** Which end is cut: left is that of the prompt, keeping the completion. */
  readonly truncate: 'right' | 'left';
  /** To the longest of the batch, of the training rows, or to a length. */
  readonly padding: 'batch' | 'longest' | number;
  /** Completions end with <|endoftext|>, which is scored. */
  readonly endToken: boolean;
  /** sft: loss on the completion alone. */
  readonly completionOnly: boolean;
  readonly dropout: number;
  readonly evaluateEvery: number | 'epoch';
  /** The first so many batches in file order; null: all. */
  readonly evaluationBatches: number | null;
  readonly checkpointEvery: number | 'epoch';
  readonly keepCheckpoints: number;
  /** The metric whose best model is kept in best/, such as evalLoss. */
  readonly keepBest: string | null;
  /** Stop after so many evaluations without improvement. */
  readonly patience: number | null;
  readonly logEvery: number;
}

export type LoraTarget = 'c_attn' | 'c_proj' | 'c_fc';

export interface LoraSpec {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly targets: readonly LoraTarget[];
}

/** `last`: the last N blocks, the final norm and the head; a tied embedding stays frozen. */
export type LayersSpec = 'all' | 'head' | { readonly last: number };

export type TrainableSpec = { readonly layers: LayersSpec } | { readonly lora: LoraSpec };

export type Pooling = 'last' | 'first' | 'mean' | 'position';

export interface ClassificationSpec {
  /** Which hidden state the head reads; `position`: that of the padded end, padding attended to. */
  readonly pooling: Pooling;
  /** null: those of the training rows, sorted. */
  readonly labels: readonly string[] | null;
  readonly hidden: {
    readonly size: number;
    readonly activation: 'relu' | 'gelu' | 'tanh';
    readonly dropout: number;
  } | null;
  readonly bias: boolean;
}

export interface SftSpec {
  /** Label → word: the completion of a labelled row. */
  readonly labelWords: Readonly<Record<string, string>> | null;
}

export interface DpoSpec {
  readonly beta: number;
  readonly loss: 'sigmoid' | 'ipo';
  readonly labelSmoothing: number;
  /** null: the starting model. */
  readonly reference: string | null;
}

export interface RewardSpec {
  readonly pooling: 'last' | 'first' | 'mean';
  readonly centerCoefficient: number | null;
}

export interface PpoSpec {
  /** Exactly one of this and rewardRule. */
  readonly rewardModel: string | null;
  readonly klCoefficient: number;
  readonly clipRange: number;
  readonly valueCoefficient: number;
  readonly gamma: number;
  readonly lambda: number;
  readonly epochsPerBatch: number;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly valueClipRange: number;
  readonly whitenRewards: boolean;
  readonly clipReward: number | null;
  /** A number makes the coefficient adaptive. */
  readonly targetKl: number | null;
  readonly rewardRule:
    | { readonly contains: string }
    | { readonly startsWith: string }
    | { readonly regex: string }
    | { readonly label: true }
    | null;
}

export interface TorchSpec {
  readonly python: string | null;
  /** In all, over all machines. */
  readonly processes: number;
  readonly machines: number;
  readonly mainAddress: string | null;
  readonly mainPort: number | null;
  readonly accelerateConfig: string | null;
}
