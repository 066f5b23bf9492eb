import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, fileError } from '../../models/files.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';

/** The file by which anyone who can write to the folder asks the trainer to save and stop. */
const stopFile = (folder: string): string => join(folder, RUN_FILES.stop);

export const stopIsAsked = (folder: string): Promise<boolean> => exists(stopFile(folder));

/** What was asked of an earlier trainer is not asked of this one. */
export async function forgetStop(folder: string): Promise<void> {
  try {
    await rm(stopFile(folder), { force: true });
  } catch (error) {
    throw fileError(error, stopFile(folder));
  }
}
