import type { Call, ModelChoice } from '../engine.ts';
import type { Result } from '../result.ts';
import type { EvaluatedRow, EvaluationResult } from './folder.ts';
import type { EvaluationRequest } from './request.ts';

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
  /** The vectors of texts: the mean of their final hidden states, or the last. [texts][width] */
  embed(request: EmbedRequest, call?: Call): Promise<Result<{ readonly vectors: ReadonlyArray<readonly number[]> }>>;
}

export interface EmbedRequest extends ModelChoice {
  readonly texts: readonly string[];
  readonly pooling: 'mean' | 'last';
}
