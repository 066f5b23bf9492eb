import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makePath } from './makePath.ts';

/** Where a project keeps what LM Lab makes of its data, under the folder that the data belongs to. */
export const LAB_FOLDER = '.lm-lab';

/**
 * Makes a folder in `parent`, which is made where it is missing, and returns its path. Where the name is taken, a number
 * follows it. `.lm-lab` keeps itself out of version control: what is in it is large, and made anew from its request.
 */
export async function newFolderIn(parent: string, name: string): Promise<string> {
  await makePath(parent);
  await ignoreInGit(parent);
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** `2026-11-22T17-10-05-sms-spam-classification`: when, on which data, and what is done. */
export function folderName(at: Date, file: string, what: string): string {
  const time = at.toISOString().slice(0, 19).replaceAll(':', '-');
  const data = basename(file.replaceAll('\\', '/'))
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]+$/, '')
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .slice(0, 60);
  return `${time}-${data || 'data'}-${what}`;
}

/** The folder that holds `.lm-lab`; elsewhere `parent` itself. */
export function projectOf(parent: string): string {
  const above = dirname(resolve(parent));
  return basename(above) === LAB_FOLDER ? dirname(above) : parent;
}

/** What is under `.lm-lab` is large, or of one person: whoever makes a folder in it keeps it out of version control. */
export async function ignoreInGit(parent: string): Promise<void> {
  const above = dirname(resolve(parent));
  if (basename(above) !== LAB_FOLDER) return;
  try {
    await writeFile(join(above, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const WHY_UNWRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such place',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file is in its place',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it may only be read',
  ENOSPC: 'the disk is full',
};

/** Why a folder could not be made, in words. */
export function whyUnwritable(error: unknown): string {
  const { code = '', message = String(error) } = Object(error) as NodeJS.ErrnoException;
  return WHY_UNWRITABLE[code] ?? message;
}
