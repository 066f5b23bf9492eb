import { access } from 'node:fs/promises';
import { makePath } from '../protocol/makePath.ts';
import { Reasoned } from '../protocol/result.ts';

const BY_CODE: Readonly<Record<string, (file: string) => Reasoned>> = {
  ENOENT: file =>
    new Reasoned('file-missing', `"${file}" does not exist.`, 'Check the path, or choose the file again.'),
  EISDIR: file => new Reasoned('file-expected', `"${file}" is a folder, not a file.`, 'Choose the file itself.'),
  ENOTDIR: file =>
    new Reasoned('folder-expected', `A part of the path "${file}" is a file, not a folder.`, 'Check the path.'),
  ELOOP: file =>
    new Reasoned('link-circular', `"${file}" is a link that leads back to itself.`, 'Delete the link, or mend it.'),
  EACCES: file => notPermitted(file),
  EPERM: file => notPermitted(file),
  EROFS: file => notPermitted(file),
  ENOSPC: file => diskFull(file),
  EDQUOT: file => diskFull(file),
};

const notPermitted = (file: string): Reasoned =>
  new Reasoned('file-not-permitted', `"${file}" may not be read or written.`, 'Check its permissions and its owner.');

const diskFull = (file: string): Reasoned =>
  new Reasoned('disk-full', `The disk is full: "${file}" could not be written.`, 'Free some space and try again.');

/** The operating system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A failure of the file system as a reason that names the file; anything else is handed back as it is. */
export function fileError(error: unknown, file: string): unknown {
  const reason = BY_CODE[systemCode(error) ?? '']?.(file);
  if (reason) reason.cause = error;
  return reason ?? error;
}

/** Whether a file or folder is there; a place that may not be looked into is an error, not an absence. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw fileError(error, path);
  }
}

/** With the folders above it, where they are missing. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makePath(folder);
  } catch (error) {
    throw fileError(error, folder);
  }
}
