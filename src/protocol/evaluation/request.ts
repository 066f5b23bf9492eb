import type { DatasetRequest } from '../dataset.ts';
import type { DevicePreference } from '../engine.ts';
import type { DecodingSettings } from '../generation.ts';
import type { Precision } from '../precision.ts';
import type { Part } from '../run/spec.ts';

/**
 * What is asked of models over the rows of a dataset file.
 * prompt: a label by a prompt, without training. classifier: a fine-tuned classifier against labels. generate: a response
 * to each row. judge: a score for each response by another model. compare: several models on the same rows.
 * probe: what a dataset's texts are like to a model.
 */
export type TaskName = 'prompt' | 'classifier' | 'generate' | 'judge' | 'compare' | 'probe';

/** A request with every field of its task there: evaluation.json once it has started. Paths are relative to it. */
export interface EvaluationSpec {
  readonly task: TaskName;
  /** The first, where a task takes one; none for judge, which has `judge.judge`. */
  readonly models: readonly string[];
  /** The rows: a file, its columns and steps, as a run reads them. */
  readonly dataset: DatasetRequest['dataset'];
  /** Only the rows of this part of the dataset's split; null: all. */
  readonly part: Part | null;
  /** At most so many rows, from the first on; null: all. */
  readonly rows: number | null;
  readonly device: DevicePreference;
  /** One for each of `models`, where they differ; absent: `device` for all. */
  readonly devices?: readonly DevicePreference[];
  /** What the weights of all models are kept in; absent: as it was chosen for each. */
  readonly precision?: Precision;
  /** One for each of `models`, where they differ; so one model is compared with itself. */
  readonly precisions?: readonly Precision[];
  readonly prompt?: PromptTask;
  readonly generate?: GenerateTask;
  readonly judge?: JudgeTask;
  readonly compare?: CompareTask;
  readonly probe?: ProbeTask;
}

/** What one writes: `task`, `dataset.file`, what the task can't do without, and whatever differs from the defaults. */
export interface EvaluationRequest {
  readonly task: TaskName;
  readonly models?: EvaluationSpec['models'];
  readonly dataset: EvaluationSpec['dataset'];
  readonly part?: EvaluationSpec['part'];
  readonly rows?: EvaluationSpec['rows'];
  readonly device?: EvaluationSpec['device'];
  readonly devices?: readonly DevicePreference[];
  readonly precision?: Precision;
  readonly precisions?: readonly Precision[];
  readonly prompt?: Partial<PromptTask>;
  readonly generate?: Partial<GenerateTask>;
  readonly judge?: Partial<JudgeTask>;
  readonly compare?: CompareRequest;
  readonly probe?: Partial<ProbeTask>;
}

/** A judge needs its name alone; the rest has defaults, as where it judges by itself. */
export type CompareRequest = Partial<Omit<CompareTask, 'judge'>> & {
  readonly judge?: (Partial<JudgeTask> & Pick<JudgeTask, 'judge'>) | null;
};

/** Zero-shot or few-shot classification by a prompt. */
export interface PromptTask {
  /** Jinja over the row's columns; what it renders stands before the label's word. */
  readonly prompt: string;
  /** Label → its word or words, exactly as written (" positive" with its space); of several the likeliest counts. */
  readonly labelWords: Readonly<Record<string, string | readonly string[]>>;
  /** What is scored: the word after the prompt, or prompt and word together. */
  readonly score: 'label' | 'text';
  /** Prompt and word are encoded by themselves, instead of together. */
  readonly apart: boolean;
  /**
   * sum: of log-probabilities. mean: over the scored tokens. contextual: less the word's log-probability after the prompt
   * with empty columns (its mutual information with the row).
   */
  readonly normalize: 'sum' | 'mean' | 'contextual';
  /**
   * Rows put before each as examples, with their words; as many of each label as can be. Drawn from the training part
   * where another part is evaluated, else from the rows that are not.
   */
  readonly shots: number;
  readonly seed: number;
}

export interface GenerateTask {
  /** As `dataset.template` of a run: null takes alpaca where there is an instruction, else the prompt as it is. */
  readonly template: string | null;
  readonly decoding: DecodingSettings;
}

export interface JudgeTask {
  readonly judge: JudgeName;
  /**
   * Jinja over the row's columns, with `response` as the one that is judged; what it renders is what the judge is asked.
   * null: as `defaultJudgePrompt` has it for the columns that there are.
   */
  readonly prompt: string | null;
  /** Columns with responses to judge, such as `model_response`. */
  readonly columns: readonly string[];
  readonly temperature: number;
  readonly seed: number;
  /** Questions under way at once. */
  readonly concurrency: number;
  /** Times that a question is asked again where the answer has no score, or none came. */
  readonly retries: number;
  /** For one question. */
  readonly timeoutSeconds: number;
}

/** `ollama:NAME`, `openai:NAME` at an address that speaks OpenAI's protocol, or `vscode:VENDOR/ID`, a language model of the editor's. */
export interface JudgeName {
  readonly kind: 'ollama' | 'openai' | 'vscode';
  readonly model: string;
  /** Of the server; absent: where it stands by default on this machine. */
  readonly address?: string;
  /** Name of the environment variable that holds a key; the key itself is never written down. */
  readonly keyVariable?: string;
}

export interface CompareTask {
  /** responses: what each model answers. texts: how likely each finds the rows' texts. */
  readonly of: 'responses' | 'texts';
  readonly generate: GenerateTask | null;
  /** A reward model that scores each response. */
  readonly rewardModel: string | null;
  readonly judge: JudgeTask | null;
  readonly checks: readonly RuleCheck[];
}

/** A check that a response passes or not. */
export type RuleCheck = { readonly startsWith: string } | { readonly contains: string } | { readonly regex: string };

export interface ProbeTask {
  /** Columns whose texts are looked at, by name or role; none: the one that is the text. */
  readonly columns: readonly string[];
  /** Perplexity of each text, summed up by this column's values; null: all together. */
  readonly by: string | null;
  /** Vectors of the rows, and their projection to the plane; null: none. */
  readonly embeddings: 'mean' | 'last' | null;
}
