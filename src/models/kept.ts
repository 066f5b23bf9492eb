import { createHash } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, fileError, systemCode } from './files.ts';

// What LM Lab makes of model folders, in its own folder, and deleting it.

/** Where a model folder is kept in other precisions than its own. */
export const precisionsFolder = async (folder: string, home: string): Promise<string> =>
  join(home, 'precisions', await folderHash(folder));

/** Removes what is kept of a model folder in other precisions than its own. The folder must still be there. */
export async function deletePrecisions(folder: string, home: string): Promise<void> {
  await removeIfFree(await precisionsFolder(folder, home));
}

/** Of a folder's path, links resolved where it is there: what is made of a folder is kept under it. */
export const folderHash = async (folder: string): Promise<string> =>
  hashOf((await exists(folder)) ? await realpath(folder) : folder);

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The paths of what is in a folder whose names begin so; none where there is no folder. */
export async function pathsIn(folder: string, prefix: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  try {
    return (await readdir(folder)).filter(name => name.startsWith(prefix)).map(name => join(folder, name));
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** Of a file that is in use, as Windows has it of one that is mapped, or that may not be deleted. */
const HELD = ['EBUSY', 'EPERM', 'EACCES'];

/** Removes a file or folder, if it is there. What is held stays, since nothing hangs on its being gone. */
export async function removeIfFree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!HELD.includes(systemCode(error) ?? '')) throw fileError(error, path);
  }
}
