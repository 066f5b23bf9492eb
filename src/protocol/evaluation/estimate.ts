import { completeEvaluation } from './defaults.ts';
import type { EvaluationRequest } from './request.ts';

/** How long an evaluation may take; nothing of it is promised. */
export interface EvaluationEstimate {
  readonly rows: number;
  /** Null where it depends on a server that is asked. */
  readonly seconds: number | null;
  /** The evaluation that the time is estimated by; null: by a typical rate. */
  readonly measuredBy: string | null;
}

/** What an earlier evaluation of the same task and models took on this machine. */
export interface MeasuredEvaluation {
  readonly title: string;
  readonly secondsPerRow: number;
}

/** Of one thread, in multiplications and additions of a forward pass with the key-value cache and batches as they come. */
const FLOPS_PER_THREAD = 30e9;
/** Where nothing is known of the texts. */
const TYPICAL_TOKENS = 60;

/**
 * @param parameters of each of the request's models
 * @param available rows that there are
 */
export function estimateEvaluation(
  request: EvaluationRequest,
  parameters: readonly number[],
  {
    available,
    threads,
    measured,
  }: {
    readonly available: number;
    readonly threads: number;
    readonly measured: MeasuredEvaluation | undefined;
  },
): EvaluationEstimate {
  const rows = Math.min(request.rows ?? available, available);
  if (measured) return { rows, seconds: rows * measured.secondsPerRow, measuredBy: measured.title };
  if (request.task === 'judge' || completeEvaluation(request).compare?.judge)
    return { rows, seconds: null, measuredBy: null };
  const flops = parameters.reduce((sum, count) => sum + 2 * count * tokensOf(request), 0);
  return { rows, seconds: 1 + (rows * flops) / (FLOPS_PER_THREAD * threads ** 0.85), measuredBy: null };
}

/** Tokens that go through a model for a row. */
function tokensOf(request: EvaluationRequest): number {
  const { task, prompt, generate, compare } = completeEvaluation(request);
  if (task === 'prompt') return TYPICAL_TOKENS * (1 + (prompt?.shots ?? 0));
  const written = task === 'generate' ? generate : compare?.of === 'responses' ? compare.generate : undefined;
  return TYPICAL_TOKENS + (written?.decoding.maxNewTokens ?? 0);
}
