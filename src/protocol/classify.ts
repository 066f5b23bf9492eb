import type { DatasetRequest } from './dataset.ts';
import type { Call, DeviceReport, ModelChoice, Token } from './engine.ts';
import type { Result } from './result.ts';

/** What may be asked of the engine about a fine-tuned classifier. */
export interface ClassifierApi {
  classify(request: ClassifyRequest, call?: Call): Promise<Result<Classified>>;
  /** Classifies the rows of a dataset file, after its steps, and compares with their labels. */
  evaluateClassifier(request: EvaluateClassifierRequest, call?: Call): Promise<Result<ClassifierReport>>;
}

export interface ClassifyRequest extends ModelChoice {
  readonly texts: readonly string[];
  /** Also tells the probabilities after each token of each text. */
  readonly evolution?: boolean;
}

export interface Classified {
  readonly device: DeviceReport;
  readonly labels: readonly string[];
  readonly texts: ReadonlyArray<{
    readonly label: string;
    /** In the order of `labels`. */
    readonly probabilities: readonly number[];
    /** Tokens beyond the model's context that were not read. */
    readonly cutTokens: number;
    readonly evolution?: ReadonlyArray<Token & { readonly probabilities: readonly number[] }>;
  }>;
}

export interface EvaluateClassifierRequest extends ModelChoice {
  readonly dataset: Omit<DatasetRequest, 'model' | 'method'>;
}

/** How well a classifier tells labels apart. */
export interface ClassifierReport {
  readonly accuracy: number;
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
  readonly rows: ReadonlyArray<{
    /** Its number after the steps, from 0. */
    readonly row: number;
    readonly label: string;
    readonly predicted: string;
    /** The probability of each label. */
    readonly scores: Readonly<Record<string, number>>;
  }>;
  /** Rows without a text or a label, with why they were not classified. */
  readonly leftOut: ReadonlyArray<{ readonly row: number; readonly reason: string }>;
}
