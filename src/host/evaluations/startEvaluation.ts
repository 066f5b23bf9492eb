import type { EvaluationRequest } from '../../protocol/evaluation/request.ts';
import type { Result } from '../../protocol/result.ts';
import type { EvaluationPanel } from '../panels/evaluationPanel.ts';
import type { Evaluations } from './evaluations.ts';

export interface EvaluationStart {
  readonly evaluations: Evaluations;
  readonly evaluationPanel: EvaluationPanel;
}

/** A new evaluation of a request whose paths are relative to `base`: made, started, and shown. */
export async function startEvaluation(
  { evaluations, evaluationPanel }: EvaluationStart,
  request: EvaluationRequest,
  base: string,
): Promise<Result<string>> {
  const created = await evaluations.create(request, base);
  if (!created.ok) return created;
  const started = await evaluations.start(created.value);
  if (!started.ok) return started;
  evaluationPanel.show(created.value);
  return created;
}
