import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { exists, fileError } from '../files.ts';
import { isCommit } from './names.ts';

/** One commit of a repository in a Hugging Face cache. */
export interface Snapshot {
  readonly repository: string;
  readonly commit: string;
  readonly folder: string;
}

/** The snapshot that a model folder lies in; undefined for a folder that is not in a cache. */
export function snapshotOf(folder: string): Snapshot | undefined {
  const parts = folder.split(sep);
  const at = parts.findLastIndex((part, i) => part === 'snapshots' && parts[i - 1]?.startsWith('models--'));
  const commit = parts[at + 1];
  if (at < 0 || commit === undefined || !isCommit(commit)) return undefined;
  return { repository: parts.slice(0, at).join(sep), commit, folder: parts.slice(0, at + 2).join(sep) };
}

/**
 * Deletes a snapshot with the blobs that no other links to and the refs to it; with the last one the repository. One
 * that is gone already is no failure.
 */
export async function deleteSnapshot({ repository, commit, folder }: Snapshot): Promise<void> {
  try {
    if (!(await exists(folder))) return;
    const others = (await readdir(join(repository, 'snapshots'))).filter(other => other !== commit);
    if (others.length === 0) return await rm(repository, { recursive: true, force: true });
    const kept = new Set<string>();
    for (const other of others) for (const blob of await blobsOf(join(repository, 'snapshots', other))) kept.add(blob);
    for (const blob of await blobsOf(join(repository, 'snapshots', commit)))
      if (!kept.has(blob)) await rm(blob, { force: true });
    await rm(join(repository, 'snapshots', commit), { recursive: true, force: true });
    await deleteRefs(join(repository, 'refs'), commit);
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** What the snapshot's links lead to, as far as it is this repository's own. */
async function blobsOf(snapshot: string): Promise<string[]> {
  const blobs: string[] = [];
  for (const entry of await readdir(snapshot, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const target = resolve(entry.parentPath, await readlink(join(entry.parentPath, entry.name)));
    if (dirname(target) === join(snapshot, '..', '..', 'blobs')) blobs.push(target);
  }
  return blobs;
}

async function deleteRefs(refs: string, commit: string): Promise<void> {
  if (!(await exists(refs))) return;
  for (const entry of await readdir(refs, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(file, 'utf8')).trim() === commit) await rm(file);
  }
}
