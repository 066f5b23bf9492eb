import { join, resolve } from 'node:path';
import type { EngineApi } from '../../protocol/engine.ts';
import { createEvaluation } from '../../protocol/evaluation/create.ts';
import { EVALUATION_FILES, type EvaluatedRow } from '../../protocol/evaluation/folder.ts';
import type { EvaluationRequest } from '../../protocol/evaluation/request.ts';
import { isLeftOut } from '../../protocol/evaluation/rows.ts';
import { CANCELLED, Reasoned, reasonOf, valueOf } from '../../protocol/result.ts';
import { GrowingFile, parsedLines } from '../../protocol/run/growingFile.ts';
import { withEngine } from '../session.ts';
import type { Outcome } from './task.ts';

/** Where the work is kept: nowhere, in a folder made anew in this one, or in the folder of one that is gone on with. */
export interface KeptWhere {
  readonly evaluationsFolder?: string;
  readonly resume?: string;
  /** The folder is nobody's to know: it is gone afterwards. */
  readonly scratch?: boolean;
}

/** Evaluates with progress; where it is kept is told as a line on standard error. `request`: with absolute paths. */
export function evaluated(request: EvaluationRequest, where: KeptWhere): Promise<Outcome> {
  return withEngine(async (engine, call) => {
    const folder = await folderFor(request, where);
    const outcome =
      folder === null ? await inMemory(engine, request, call) : await inFolder(engine, folder, where, call);
    const { leftOut } = outcome.result;
    const first = outcome.rows.find(isLeftOut);
    if (first) console.error(`${leftOut} rows were left out: ${first.leftOut}`);
    return outcome;
  });
}

type Asked = Parameters<Parameters<typeof withEngine>[0]>[1];

async function inMemory(engine: EngineApi, request: EvaluationRequest, call: Asked): Promise<Outcome> {
  return { ...(await valueOf(engine.evaluateRows(request, call))), folder: null };
}

async function inFolder(
  engine: EngineApi,
  folder: string,
  { scratch = false }: KeptWhere,
  call: Asked,
): Promise<Outcome> {
  if (!scratch) process.stderr.write(`${folder}\n`);
  try {
    const result = await valueOf(engine.evaluate({ folder }, call));
    const rows = await readRows(join(folder, EVALUATION_FILES.rows));
    return { result, rows: rows.sort((a, b) => a.row - b.row), folder };
  } catch (error) {
    if (scratch || reasonOf(error).code !== CANCELLED) throw error;
    throw new Reasoned(
      CANCELLED,
      `The evaluation was stopped; what it found is kept in ${folder}.`,
      'Go on with lm-lab evaluate --resume and this folder.',
    );
  }
}

async function folderFor(request: EvaluationRequest, where: KeptWhere): Promise<string | null> {
  if (where.resume !== undefined) return resolve(where.resume);
  if (where.evaluationsFolder === undefined) return null;
  return createEvaluation({ request, base: process.cwd(), evaluationsFolder: resolve(where.evaluationsFolder) });
}

async function readRows(path: string): Promise<EvaluatedRow[]> {
  const file = new GrowingFile(path);
  const rows: EvaluatedRow[] = [];
  for (let lines = (await file.read()).lines; lines.length > 0; lines = (await file.read()).lines) {
    for (const row of parsedLines<EvaluatedRow>(lines)) rows.push(row);
  }
  return rows;
}
