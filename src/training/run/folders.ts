import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makePath } from '../../protocol/makePath.ts';
import { fileError, systemCode } from '../../models/files.ts';

/** How a folder is called, hidden beside its own name, while it is written; while another takes its place; while it is deleted. */
type Stage = 'writing' | 'replaced' | 'leaving';

const staged = (folder: string, stage: Stage): string => join(dirname(folder), `.${basename(folder)}.${stage}`);

/**
 * Writes a folder so that others see the old one or the whole new one: under a temporary name beside it, then renamed.
 * A failure leaves the old one as it was, and nothing behind.
 */
export async function writeFolder(folder: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const writing = staged(folder, 'writing');
  try {
    await remove(writing);
    await makePath(writing);
    await write(writing);
    // A folder that is not empty can't be renamed over, so the old one steps aside first.
    const old = await moveAside(folder, 'replaced');
    await rename(writing, folder);
    if (old) await remove(old);
  } catch (error) {
    await remove(writing);
    throw fileError(error, folder);
  }
}

/** Deletes a folder so that nobody sees a part of it. */
export async function deleteFolder(folder: string): Promise<void> {
  const leaving = await moveAside(folder, 'leaving');
  if (leaving) await remove(leaving);
}

const HIDDEN = /^\.(.+)\.(writing|replaced|leaving|tmp)$/;

/** Clears away what a trainer left half-done in a folder when it was killed; what was being replaced and was not is put back. */
export async function tidy(parent: string): Promise<void> {
  try {
    const names = await readdir(parent);
    for (const hidden of names) {
      const [, name, stage] = HIDDEN.exec(hidden) ?? [];
      if (name === undefined) continue;
      if (stage === 'replaced' && !names.includes(name)) await rename(join(parent, hidden), join(parent, name));
      else await remove(join(parent, hidden));
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, parent);
  }
}

/** Where it is now; undefined where there was none. */
async function moveAside(folder: string, stage: Stage): Promise<string | undefined> {
  const aside = staged(folder, stage);
  try {
    await remove(aside);
    await rename(folder, aside);
    return aside;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(error, folder);
  }
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
