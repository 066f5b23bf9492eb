import { join, resolve } from 'node:path';
import { expandHome } from '../../models/home.ts';
import type { Call } from '../../protocol/engine.ts';
import { requireEvaluation } from '../../protocol/evaluation/fieldCheck.ts';
import { completeEvaluation } from '../../protocol/evaluation/defaults.ts';
import {
  EVALUATION_FILES,
  type EvaluatedRow,
  type EvaluationResult,
  type EvaluationStatus,
} from '../../protocol/evaluation/folder.ts';
import { ACTIVE_MODEL } from '../../protocol/evaluation/modelNames.ts';
import { evaluationWithModels, evaluationWithPaths } from '../../protocol/evaluation/paths.ts';
import type { EvaluationRequest, EvaluationSpec } from '../../protocol/evaluation/request.ts';
import { CANCELLED, Reasoned, reasonOf } from '../../protocol/result.ts';
import { readJson } from '../../protocol/run/reading.ts';
import { taskOf } from '../tasks/index.ts';
import { evaluate, type EvaluationTools } from './evaluate.ts';
import {
  type EvaluationStatusFile,
  folderRecord,
  lockEvaluation,
  openStatus,
  readStatus,
  toldFailure,
  writeJson,
} from './folder.ts';
import { memoryRecord } from './record.ts';

/** How often the status says that whoever evaluates lives, also while nothing is found. */
const BEAT_MS = 500;

/**
 * Evaluates what a folder's evaluation.json asks for, from the last whole row on, and writes all that folder.ts of
 * protocol/evaluation names. One that has finished is answered with its result, in which votes count that came since.
 * @throws Reasoned `cancelled` (the evaluation is then `stopped`), why it failed, which its status says too, and
 * `evaluation-missing` and `evaluation-busy` before anything is touched
 */
export async function runEvaluation(folder: string, tools: EvaluationTools, call: Call): Promise<EvaluationResult> {
  const request = await readJson<EvaluationRequest>(join(folder, EVALUATION_FILES.request));
  if (!request) throw missing(folder);
  const held = await lockEvaluation(folder);
  try {
    const result = await readJson<EvaluationResult>(join(folder, EVALUATION_FILES.result));
    if (result && (await readStatus(folder))?.state === 'finished') return await revised(folder, request, result);
    return await attended(folder, request, tools, call);
  } finally {
    await held.release();
  }
}

async function revised(
  folder: string,
  { task }: EvaluationRequest,
  result: EvaluationResult,
): Promise<EvaluationResult> {
  const now = await taskOf(task).revised?.(folder, result);
  if (now === undefined || JSON.stringify(now) === JSON.stringify(result)) return result;
  await writeJson(join(folder, EVALUATION_FILES.result), now);
  return now;
}

async function attended(
  folder: string,
  request: EvaluationRequest,
  tools: EvaluationTools,
  call: Call,
): Promise<EvaluationResult> {
  const status = await openStatus(folder);
  await status.change({});
  const beating = setInterval(() => {
    status.beat().catch((error: unknown) => console.error(error)); // a lasting trouble is met again by who writes next
  }, BEAT_MS);
  try {
    const result = await evaluated(folder, await specOf(request, tools), status, tools, call);
    await writeJson(join(folder, EVALUATION_FILES.result), result);
    await status.change({ state: 'finished', message: 'Finished', elapsedSeconds: result.wallSeconds });
    return result;
  } catch (error) {
    if (reasonOf(error).code !== CANCELLED) throw await toldFailure(status, error);
    await status.change({ state: 'stopped', message: 'Stopped' });
    throw error;
  } finally {
    clearInterval(beating);
  }
}

async function evaluated(
  folder: string,
  spec: EvaluationSpec,
  status: EvaluationStatusFile,
  tools: EvaluationTools,
  call: Call,
): Promise<EvaluationResult> {
  const record = await folderRecord(folder, status, taskOf(spec.task).linesOfRow(spec));
  status.note({ rowsDone: record.done.size });
  await writeJson(join(folder, EVALUATION_FILES.request), spec);
  const begun = record.done.size > 0 ? inPrecisionsOf(status.now, spec) : spec;
  return evaluate(absolute(begun, folder), tools, record, call);
}

/** A model for which another precision was chosen since goes on as it began, or its rows would be of two. */
function inPrecisionsOf({ precisions }: Pick<EvaluationStatus, 'precisions'>, spec: EvaluationSpec): EvaluationSpec {
  return !precisions || spec.precision || spec.precisions ? spec : { ...spec, precisions };
}

/** The same without a folder. Paths are absolute. */
export async function evaluateInMemory(
  request: EvaluationRequest,
  tools: EvaluationTools,
  call: Call,
): Promise<{ readonly result: EvaluationResult; readonly rows: readonly EvaluatedRow[] }> {
  const record = memoryRecord();
  const result = await evaluate(await specOf(request, tools), tools, record, call);
  return { result, rows: record.kept.toSorted((a, b) => a.row - b.row) };
}

/** The request in full. The active model is in it by its id: when the evaluation goes on, another may be active. */
async function specOf(request: EvaluationRequest, { activeModel }: EvaluationTools): Promise<EvaluationSpec> {
  const spec = completeEvaluation(requireEvaluation(request));
  if (!modelsIn(spec).includes(ACTIVE_MODEL)) return spec;
  const active = await activeModel();
  return evaluationWithModels(spec, name => (name === ACTIVE_MODEL ? active : name));
}

const modelsIn = ({ models, compare }: EvaluationSpec): string[] =>
  compare?.rewardModel ? [...models, compare.rewardModel] : [...models];

/** Paths in an evaluation.json are relative to its folder. */
const absolute = (spec: EvaluationSpec, folder: string): EvaluationSpec =>
  evaluationWithPaths(spec, path => (path.startsWith('~') ? expandHome(path) : resolve(folder, path)));

const missing = (folder: string): Reasoned =>
  new Reasoned(
    'evaluation-missing',
    `"${folder}" is no evaluation: it has no evaluation.json that can be read.`,
    'Give the folder of an evaluation, or start one anew.',
  );
