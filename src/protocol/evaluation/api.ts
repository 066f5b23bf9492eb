import type { Call, DeviceReport, ModelChoice, StreamingCall } from '../engine.ts';
import type { Result } from '../result.ts';
import type { EvaluatedRow, EvaluationResult } from './folder.ts';
import type { EvaluationRequest, EvaluationSpec } from './request.ts';

/** What may be asked of the engine about evaluations. */
export interface EvaluationApi {
  /**
   * Evaluates what a folder's evaluation.json asks for, from its last whole row on, to the end or until it is cancelled;
   * the folder tells the rest. A cancelled one is `stopped`, and goes on when it is asked for again.
   */
  evaluate(request: { readonly folder: string }, call?: Call): Promise<Result<EvaluationResult>>;
  /** The same without a folder: everything in the answer. Paths are absolute. */
  evaluateRows(
    request: EvaluationRequest,
    call?: Call,
  ): Promise<Result<{ readonly result: EvaluationResult; readonly rows: readonly EvaluatedRow[] }>>;
  /** A row of an evaluation by prompt as the model is given it. Paths are absolute. */
  previewPrompt(request: PromptPreviewRequest, call?: Call): Promise<Result<PromptPreview>>;
  /** The vectors of texts: the mean of their final hidden states, or the last. [texts][width] */
  embed(request: EmbedRequest, call?: Call): Promise<Result<{ readonly vectors: ReadonlyArray<readonly number[]> }>>;
  /** The same of a dataset's rows, which are told as they come: they may be many. */
  embedRows(request: EmbedRowsRequest, call?: StreamingCall<readonly EmbeddedRow[]>): Promise<Result<EmbeddedRows>>;
}

export interface PromptPreviewRequest {
  readonly request: EvaluationRequest;
  /** Of the rows that are evaluated, from 0. */
  readonly row: number;
}

export interface PromptPreview {
  readonly label: string;
  /** What stands before each word, but for the examples. */
  readonly prompt: string;
  readonly words: ReadonlyArray<{
    readonly label: string;
    readonly word: string;
    /** From a little before where the words differ. */
    readonly tokens: ReadonlyArray<{ readonly id: number; readonly text: string; readonly scored: boolean }>;
  }>;
}

/** The rows of a dataset file, as an evaluation takes them. */
export interface EmbedRowsRequest extends ModelChoice, Pick<EvaluationSpec, 'dataset' | 'part' | 'rows'> {
  readonly pooling: EmbedRequest['pooling'];
  /** The column, by name or role; null: the one that is the text. */
  readonly column: string | null;
}

export interface EmbeddedRow {
  readonly row: number;
  readonly vector: readonly number[];
}

export interface EmbeddedRows {
  readonly device: DeviceReport;
  readonly rows: number;
  /** Rows without a text. */
  readonly leftOut: number;
  /** Numbers of a vector. */
  readonly width: number;
}

export interface EmbedRequest extends ModelChoice {
  readonly texts: readonly string[];
  readonly pooling: 'mean' | 'last';
}
