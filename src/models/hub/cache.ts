import { copyFile, link, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { writeAtomically } from '../atomicFile.ts';
import { exists, fileError, makeFolder, systemCode } from '../files.ts';
import { type Environment, expandHome } from '../home.ts';
import { huggingFaceHome } from './access.ts';
import { type HubName, isCommit } from './names.ts';

/**
 * The cache that all Hugging Face libraries share:
 * models--owner--name/{blobs/<hash>, refs/<revision> (holds a commit), snapshots/<commit>/<file> (links into blobs)}.
 * https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export function cacheFolder(environment: Environment): string {
  const named = environment['HF_HUB_CACHE'] || environment['HUGGINGFACE_HUB_CACHE'];
  return expandHome(named || join(huggingFaceHome(environment), 'hub'));
}

export const repoFolderName = (repo: string): string => `models--${repo.replaceAll('/', '--')}`;

export const repoFolder = (cache: string, repo: string): string => join(cache, repoFolderName(repo));

export const snapshotFolder = (cache: string, repo: string, commit: string): string =>
  join(repoFolder(cache, repo), 'snapshots', commit);

/** The model folder of a name in the cache, or undefined where it is not there. */
export async function findInCache(cache: string, name: HubName): Promise<string | undefined> {
  const commit = await commitOf(cache, name);
  if (commit === undefined) return undefined;
  const folder = join(snapshotFolder(cache, name.repo, commit), name.subfolder);
  return (await exists(join(folder, 'config.json'))) ? folder : undefined;
}

async function commitOf(cache: string, { repo, revision }: HubName): Promise<string | undefined> {
  if (isCommit(revision)) return revision;
  const ref = join(repoFolder(cache, repo), 'refs', revision);
  if (!(await exists(ref))) return undefined;
  try {
    const commit = (await readFile(ref, 'utf8')).trim();
    return isCommit(commit) ? commit : undefined;
  } catch (error) {
    throw fileError(error, ref);
  }
}

/** Records which commit a branch or tag stood for; a commit needs no record. */
export async function writeRef(cache: string, { repo, revision }: HubName, commit: string): Promise<void> {
  if (revision === commit) return;
  await writeAtomically(join(repoFolder(cache, repo), 'refs', revision), handle => handle.writeFile(commit));
}

const LINKS_REFUSED = ['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'EXDEV'];

/** A relative symbolic link; systems that refuse it (Windows without developer mode) get a hard link, else a copy. */
export async function linkBlob(blob: string, pointer: string): Promise<void> {
  if (await exists(pointer)) return;
  await makeFolder(dirname(pointer));
  const ways = [
    () => symlink(relative(dirname(pointer), blob), pointer),
    () => link(blob, pointer),
    () => copyFile(blob, pointer),
  ];
  for (const [i, way] of ways.entries()) {
    try {
      await rm(pointer, { force: true }); // a link to a blob that is gone
      return await way();
    } catch (error) {
      if (i === ways.length - 1 || !LINKS_REFUSED.includes(systemCode(error) ?? '')) throw fileError(error, pointer);
    }
  }
}
