import { basename } from 'node:path';
import type { HubName } from './hub/names.ts';

/** As contracts.md has it: a folder starts with . / ~ or a drive letter (or a backslash, for a share on Windows). */
export const isFolderName = (text: string): boolean => /^([./~\\]|[A-Za-z]:[\\/])/.test(text);

/** Names that mean something else than a model of the list. */
const RESERVED = ['starter', 'active'];

/** A readable id for a model of the list: the name of its folder, or of its repository and subfolder. */
export const idForFolder = (folder: string, taken: readonly string[]): string => uniqueId(basename(folder), taken);

export function idForHubName({ repo, subfolder }: HubName, taken: readonly string[]): string {
  const parts = [repo.split('/')[1], ...subfolder.split('/').filter(part => part !== '')];
  return uniqueId(parts.join('-'), taken);
}

function uniqueId(wanted: string, taken: readonly string[]): string {
  const id = wanted.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|-+$/g, '') || 'model';
  const used = new Set([...RESERVED, ...taken]);
  if (!used.has(id)) return id;
  let number = 2;
  while (used.has(`${id}-${number}`)) number++;
  return `${id}-${number}`;
}
