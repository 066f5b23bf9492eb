import { join } from 'node:path';
import { isAlive, type Observer } from '../run/liveness.ts';
import { readJson, thisMachine } from '../run/reading.ts';
import { EVALUATION_FILES, type EvaluationResult, type EvaluationState, type EvaluationStatus } from './folder.ts';
import type { EvaluationRequest } from './request.ts';

/** As it is shown: `lost` where whoever evaluated is gone without having said so, `ready` before a first start. */
export type ShownEvaluationState = EvaluationState | 'lost' | 'ready';

/** What an evaluation's folder says at a glance; its rows are read apart. */
export interface EvaluationReading {
  readonly folder: string;
  readonly state: ShownEvaluationState;
  readonly request: EvaluationRequest;
  readonly status?: EvaluationStatus;
  readonly result?: EvaluationResult;
}

/** Reads an evaluation's folder; undefined where there is none, or no evaluation.json in it that can be read. */
export async function readEvaluation(
  folder: string,
  observer: Observer = thisMachine(),
): Promise<EvaluationReading | undefined> {
  const [request, status, result] = await Promise.all([
    readJson<EvaluationRequest>(join(folder, EVALUATION_FILES.request)),
    readJson<EvaluationStatus>(join(folder, EVALUATION_FILES.status)),
    readJson<EvaluationResult>(join(folder, EVALUATION_FILES.result)),
  ]);
  if (!request) return undefined;
  const state = shownEvaluationState(status, observer);
  return { folder, state, request, ...(status && { status }), ...(result && { result }) };
}

/** The state to show for what status.json says. */
function shownEvaluationState(status: EvaluationStatus | undefined, observer: Observer): ShownEvaluationState {
  if (!status) return 'ready';
  return status.state !== 'running' || isAlive(status, 0, observer) ? status.state : 'lost';
}
