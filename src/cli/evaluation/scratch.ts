import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVALUATION_FILES } from '../../protocol/evaluation/folder.ts';
import { CANCELLED, Reasoned, reasonOf } from '../../protocol/result.ts';

/**
 * Gives a folder for an evaluation to whom nobody gave one. It is gone afterwards, unless work ended early and left rows
 * in it: then the reason says where they are.
 */
export async function inScratchFolder<T>(work: (evaluationsFolder: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'lm-lab-evaluation-'));
  let kept: string | undefined;
  try {
    return await work(scratch);
  } catch (error) {
    kept = await begunIn(scratch);
    if (kept === undefined) throw error;
    const { code, message, remedy } = reasonOf(error);
    const first = code === CANCELLED ? 'To go on, start' : `${remedy} To go on, start`;
    throw new Reasoned(
      code,
      `${message} What was found is kept in ${kept}.`,
      `${first} lm-lab evaluate --resume with this folder.`,
      { cause: error },
    );
  } finally {
    if (kept === undefined) await rm(scratch, { recursive: true, force: true });
  }
}

/** The evaluation in a folder that has found something. */
async function begunIn(scratch: string): Promise<string | undefined> {
  for (const name of await readdir(scratch)) {
    const folder = join(scratch, name);
    const rows = await stat(join(folder, EVALUATION_FILES.rows)).catch(() => undefined);
    if (rows && rows.size > 0) return folder;
  }
  return undefined;
}
