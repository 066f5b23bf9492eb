import type { EvaluationRequest } from '../../protocol/evaluation/request.ts';
import type { Result } from '../../protocol/result.ts';
import type { Panels } from '../panels/panels.ts';
import type { Evaluations } from './evaluations.ts';

export interface EvaluationStart {
  readonly evaluations: Evaluations;
  readonly panels: Panels;
}

/** A new evaluation of a request whose paths are relative to `base`: made, started, and shown. */
export async function startEvaluation(
  { evaluations, panels }: EvaluationStart,
  request: EvaluationRequest,
  base: string,
): Promise<Result<string>> {
  const created = await evaluations.create(request, base);
  if (!created.ok) return created;
  const started = await evaluations.start(created.value);
  if (!started.ok) return started;
  (await panels.evaluation()).show(created.value);
  return created;
}
