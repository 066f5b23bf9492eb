/**
 * Evaluation folders as an engine writes them, without one: for looking at the Evaluation panel, and for its tests.
 * node test/host/evaluationFolders.ts <folder> writes one of each task and state into it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import {
  EVALUATION_FILES,
  type EvaluatedRow,
  type EvaluationResult,
  type EvaluationState,
  type EvaluationStatus,
  type VoteLine,
} from '../../src/protocol/evaluation/folder.ts';
import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';
import { EVALUATIONS } from './madeEvaluations.ts';

export interface MadeEvaluation {
  readonly name: string;
  readonly request: EvaluationRequest;
  readonly rows: readonly EvaluatedRow[];
  /** Absent: it is not finished. */
  readonly result?: EvaluationResult;
  /** Absent: it never began. */
  readonly state?: EvaluationState;
  readonly rowsTotal: number;
  readonly error?: EvaluationStatus['error'];
  /** Of the process that the status names; absent: this one, which is alive. */
  readonly processId?: number;
  readonly votes?: readonly VoteLine[];
}

/** Writes an evaluation's folder in `evaluationsFolder` and returns its path. */
export async function makeEvaluation(evaluationsFolder: string, evaluation: MadeEvaluation): Promise<string> {
  const { name, request, rows, result, state, rowsTotal, error, votes } = evaluation;
  const folder = path.join(evaluationsFolder, name);
  const write = (file: string, value: unknown) =>
    writeFile(path.join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
  const lines = (file: string, values: readonly object[]) =>
    writeFile(path.join(folder, file), values.map(value => `${JSON.stringify(value)}\n`).join(''));
  await mkdir(folder, { recursive: true });
  await write(EVALUATION_FILES.request, request);
  if (state) {
    const status: EvaluationStatus = {
      state,
      host: hostname(),
      processId: evaluation.processId ?? process.pid,
      heartbeatAt: new Date().toISOString(),
      startedAt: new Date(Date.now() - 60_000).toISOString(),
      message: 'Classifying',
      rowsDone: rows.length,
      rowsTotal,
      elapsedSeconds: rows.length / 40,
      device: 'cpu',
      ...(state === 'running' && { secondsLeft: 16 }),
      ...(error && { error }),
    };
    await write(EVALUATION_FILES.status, status);
  }
  if (rows.length > 0) await lines(EVALUATION_FILES.rows, rows);
  if (result) await write(EVALUATION_FILES.result, result);
  if (votes) await lines(EVALUATION_FILES.votes, votes);
  return folder;
}

if (process.argv[1] === import.meta.filename) {
  for (const evaluation of EVALUATIONS)
    console.log(await makeEvaluation(process.argv[2] ?? '.lm-lab/evaluations', evaluation));
}
