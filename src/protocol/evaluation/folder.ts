import type { Precision } from '../precision.ts';
import type { Reason } from '../result.ts';

/** The column that `generate` writes responses in, beside the row's own. */
export const RESPONSE_COLUMN = 'model_response';

/**
 * The files of an evaluation's folder, `.lm-lab/evaluations/<UTC time>-<dataset>-<task>/`: whoever evaluates writes them,
 * everyone else reads. rows.jsonl has the rows in the order in which they were done; an evaluation that was cut off goes
 * on with those that are not there.
 */
export const EVALUATION_FILES = {
  request: 'evaluation.json',
  status: 'status.json',
  /** Who evaluates: host and processId. */
  lock: 'lock',
  rows: 'rows.jsonl',
  result: 'result.json',
  /** generate: the rows' own fields with `model_response` beside them, as a JSON list. */
  responses: 'responses.json',
  /** compare: which response people preferred, without knowing whose it was. */
  votes: 'votes.jsonl',
} as const;

export type EvaluationState = 'running' | 'stopped' | 'finished' | 'failed';

/** Times are ISO 8601 in UTC. */
export interface EvaluationStatus {
  readonly state: EvaluationState;
  readonly host: string;
  readonly processId: number;
  readonly heartbeatAt: string;
  readonly startedAt: string;
  /** What is being done. */
  readonly message: string;
  readonly rowsDone: number;
  /** 0 until the rows are counted. */
  readonly rowsTotal: number;
  readonly secondsLeft?: number;
  /** Of work, over all its sessions. */
  readonly elapsedSeconds: number;
  readonly device: string;
  /** What each of the request's models is kept in; absent until they are loaded. One that is gone on with keeps to them. */
  readonly precisions?: readonly Precision[];
  readonly error?: Reason;
}

/** Of rows.jsonl: what was found for a row. */
interface RowBase {
  /** Its number after the steps, from 0. */
  readonly row: number;
  /** The line of the file at which it starts, from 1; absent where it has no lines. */
  readonly line?: number;
}

/** A row that can't be evaluated, with why. */
export type LeftOutRow = RowBase & { readonly leftOut: string };

/** prompt, classifier. */
export type LabelledRow = RowBase & {
  readonly label: string;
  readonly predicted: string;
  /** classifier: probabilities. prompt: log-likelihoods as normalized, in nats. */
  readonly scores: Readonly<Record<string, number>>;
  /** The text as it is shown, cut where it is long. */
  readonly text: string;
  /** Tokens that did not fit into the context: of a classifier's text the last, of a prompt the first. Absent: none. */
  readonly cutTokens?: number;
};

/** generate: a response of one model. */
export type ResponseRow = RowBase & {
  readonly model: string;
  readonly prompt: string;
  readonly response: string;
  readonly reference?: string;
  readonly tokens: number;
  readonly finishReason: string;
};

/** judge: one response judged. */
export type JudgedRow = RowBase & {
  readonly column: string;
  readonly response: string;
  /** 0 to 100; null where no answer had one. */
  readonly score: number | null;
  /** What the judge wrote last. */
  readonly answer: string;
  readonly attempts: number;
  readonly problem?: string;
};

/** compare: all models on one row, in the order of the request. */
export type ComparedRow = RowBase & {
  readonly prompt: string;
  readonly reference?: string;
  readonly models: ReadonlyArray<{
    readonly model: string;
    /** Absent where texts are compared. */
    readonly response?: string;
    /** Of the response, or of the row's text, by the model itself. */
    readonly perplexity: number | null;
    readonly negativeLogLikelihood: number;
    readonly scoredTokens: number;
    readonly bitsPerByte: number | null;
    /**
     * Of texts, where the same model in f32 is compared too: the Kullback-Leibler divergence of its predictions from those
     * in f32, in nats, by scored token.
     */
    readonly divergences?: readonly number[];
    readonly reward?: number;
    readonly judged?: number | null;
    /** Why the judge gave no score, where it gave none. */
    readonly judgeProblem?: string;
    /** In the order of the request's checks. */
    readonly checks: readonly boolean[];
  }>;
};

/** probe: one text of a row. */
export type ProbedRow = RowBase & {
  readonly column: string;
  readonly group: string | null;
  readonly text: string;
  readonly tokens: number;
  readonly perplexity: number | null;
  readonly negativeLogLikelihood: number;
  readonly scoredTokens: number;
  readonly bitsPerByte: number | null;
  /** First two principal components of its vector. */
  readonly projected?: readonly [number, number];
};

export type EvaluatedRow = LabelledRow | ResponseRow | JudgedRow | ComparedRow | ProbedRow | LeftOutRow;

/** An estimate with the 95 % interval around it, and of how many rows it is. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** result.json. */
export type EvaluationResult = {
  /** Over all its sessions. */
  readonly wallSeconds: number;
  /** Rows that were evaluated. */
  readonly rows: number;
  /** Rows that could not be. */
  readonly leftOut: number;
} & TaskResult;

/** What a task finds. */
export type TaskResult = ClassificationResult | ResponsesResult | JudgeResult | CompareResult | ProbeResult;

/** prompt, classifier. */
export interface ClassificationResult {
  readonly task: 'prompt' | 'classifier';
  readonly accuracy: Estimate;
  /** `counts[i][j]`: rows of label i that were taken for label j. */
  readonly confusion: { readonly labels: readonly string[]; readonly counts: ReadonlyArray<readonly number[]> };
  /** Null where there is nothing to divide by: no row was taken for the label, or has it. */
  readonly classes: ReadonlyArray<{
    readonly label: string;
    readonly precision: number | null;
    readonly recall: number | null;
    readonly f1: number | null;
    /** Rows that have this label. */
    readonly support: number;
  }>;
  /** Bins of confidence, the largest probability of a row: how sure it was, and how often right. */
  readonly calibration: ReadonlyArray<{
    readonly from: number;
    readonly to: number;
    readonly rows: number;
    readonly confidence: number;
    readonly accuracy: number;
  }>;
  readonly expectedCalibrationError: number;
  /** Rows of which a part did not fit into the context. */
  readonly cutRows: number;
}

export interface ResponsesResult {
  readonly task: 'generate';
  readonly models: ReadonlyArray<{ readonly model: string; readonly texts: TextStatistics }>;
}

/** Of generated texts. */
export interface TextStatistics {
  readonly count: number;
  readonly meanTokens: number;
  /** Share of distinct words and pairs of words among all. */
  readonly distinct1: number;
  readonly distinct2: number;
  /** Share of 4-grams of words that came before in the same text. */
  readonly repetition: number;
  readonly empty: number;
}

export interface JudgeResult {
  readonly task: 'judge';
  readonly columns: ReadonlyArray<{
    readonly column: string;
    /** `scored` of `asked` have a score. */
    readonly asked: number;
    readonly scored: number;
    readonly mean: Estimate | null;
    /** Counts of scores in [0, 10), [10, 20), … [90, 100]. */
    readonly histogram: readonly number[];
  }>;
}

export interface CompareResult {
  readonly task: 'compare';
  readonly models: ReadonlyArray<{
    readonly model: string;
    readonly perplexity: number | null;
    readonly bitsPerByte: number | null;
    /** From the same model in f32, in nats: over the scored tokens of all rows. */
    readonly divergence?: { readonly mean: number; readonly largest: number };
    readonly reward?: Estimate;
    readonly judged?: Estimate;
    readonly checks: ReadonlyArray<{ readonly name: string; readonly passed: Estimate }>;
    readonly texts?: TextStatistics;
  }>;
  /** Of pairs of models, by each measure that there is: how often the first does better; ties count half. */
  readonly wins: ReadonlyArray<{
    readonly first: string;
    readonly second: string;
    readonly measure: 'perplexity' | 'bitsPerByte' | 'reward' | 'judge' | 'votes';
    readonly rate: Estimate;
    readonly ties: number;
    /** Two-sided, of the sign test over the rows that are no ties. */
    readonly pValue: number;
  }>;
  /** What must be kept in mind, such as tokenizers that differ. */
  readonly notes: readonly string[];
}

export interface ProbeResult {
  readonly task: 'probe';
  readonly groups: ReadonlyArray<{
    readonly column: string;
    readonly group: string | null;
    readonly perplexity: number | null;
    readonly bitsPerByte: number | null;
    readonly texts: TextStatistics;
  }>;
  /** Share of the variance that each axis of the projection shows. */
  readonly projection?: { readonly explained: readonly [number, number] };
}

/** A line of votes.jsonl. Of several on a row and the same models the last one counts. */
export interface VoteLine {
  readonly row: number;
  /** The two models that the vote is about. */
  readonly between: readonly [string, string];
  /** Null, as is `worse`: they are as good. */
  readonly better: string | null;
  readonly worse: string | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
}
