import { hostname } from 'node:os';
import { join } from 'node:path';
import { failureOf } from '../../folders/failure.ts';
import { appendLines, cutLines, readLines } from '../../folders/lines.ts';
import { type Lock, lock } from '../../folders/lock.ts';
import { StatusFile } from '../../folders/status.ts';
import { writeAtomically } from '../../models/atomicFile.ts';
import { EVALUATION_FILES, type EvaluatedRow, type EvaluationStatus } from '../../protocol/evaluation/folder.ts';
import { isLeftOut } from '../../protocol/evaluation/rows.ts';
import { Reasoned } from '../../protocol/result.ts';
import { readJson } from '../../protocol/run/reading.ts';
import type { EvaluationRecord } from './record.ts';

export type EvaluationStatusFile = StatusFile<EvaluationStatus>;

/**
 * Takes an evaluation's folder for this process alone. A lock whose holder is lost is taken over.
 * @throws Reasoned `evaluation-busy` where another process evaluates it, and the file system's reasons
 */
export const lockEvaluation = (folder: string): Promise<Lock> =>
  lock(join(folder, EVALUATION_FILES.lock), {
    async lastSign() {
      const status = await readStatus(folder);
      return { heartbeatAt: status?.heartbeatAt, stepSeconds: 0 };
    },
    busy: who =>
      new Reasoned(
        'evaluation-busy',
        `"${folder}" is being evaluated by ${who}.`,
        'Wait until it has ended, or cancel it; an evaluation is done by one process at a time.',
      ),
  });

export const readStatus = (folder: string): Promise<EvaluationStatus | undefined> =>
  readJson<EvaluationStatus>(join(folder, EVALUATION_FILES.status));

/** Takes over from whoever evaluated before. When it was first started stays. */
export async function openStatus(folder: string): Promise<EvaluationStatusFile> {
  const before = await readStatus(folder);
  const { startedAt = new Date().toISOString(), rowsDone = 0, rowsTotal = 0, elapsedSeconds = 0 } = before ?? {};
  return new StatusFile<EvaluationStatus>(
    join(folder, EVALUATION_FILES.status),
    {
      state: 'running',
      host: hostname(),
      processId: process.pid,
      startedAt,
      message: 'Starting',
      rowsDone,
      rowsTotal,
      elapsedSeconds,
      device: before?.device ?? '',
      ...(before?.precisions && { precisions: before.precisions }),
    },
    ({ secondsLeft, ...rest }) => ({
      ...rest,
      ...(secondsLeft !== undefined && rest.state === 'running' && { secondsLeft }),
    }),
  );
}

/** The record of a folder, from its last whole row on. `linesOfRow`: lines that a row has where it is not left out. */
export async function folderRecord(
  folder: string,
  status: EvaluationStatusFile,
  linesOfRow: number,
): Promise<EvaluationRecord> {
  const file = join(folder, EVALUATION_FILES.rows);
  return {
    folder,
    done: await doneRows(file, linesOfRow),
    elapsedSeconds: status.now.elapsedSeconds,
    append: rows => appendLines(file, rows),
    rows: () => readLines<EvaluatedRow>(file),
    note: changes => status.note(changes),
  };
}

/** The rows that the file has whole. What was being appended when the evaluation was cut off is cut away. */
async function doneRows(file: string, linesOfRow: number): Promise<Set<number>> {
  const done = new Set<number>();
  let last = { row: -1, lines: 0 };
  await cutLines<EvaluatedRow>(file, line => {
    last = { row: line.row, lines: line.row === last.row ? last.lines + 1 : 1 };
    if (isLeftOut(line) || last.lines >= linesOfRow) done.add(line.row);
    return true;
  });
  // The lines of a row are written together, so that only the last row can lack some.
  if (last.lines > 0 && !done.has(last.row)) await cutLines<EvaluatedRow>(file, ({ row }) => row !== last.row);
  return done;
}

/** The error as a reason, which the status says too where it can be written. */
export async function toldFailure(status: EvaluationStatusFile, error: unknown): Promise<Reasoned> {
  const reason = failureOf(error, REMEDIES);
  try {
    await status.change({ state: 'failed', error: reason });
  } catch (unwritten) {
    console.error(unwritten); // as on a full disk: the reason itself is told all the same
  }
  return new Reasoned(reason.code, reason.message, reason.remedy, { cause: error });
}

const REMEDIES: Readonly<Record<string, string>> = {
  'disk-full': 'Free some space, then go on with the evaluation: what it has found so far is kept.',
  'out-of-memory': 'Close what else uses memory, or take a smaller model, then go on with the evaluation.',
};

export const writeJson = (file: string, value: unknown): Promise<void> =>
  writeAtomically(file, handle => handle.writeFile(`${JSON.stringify(value, null, 2)}\n`));
