import { Reasoned } from '../../protocol/result.ts';
import type { HubClient } from './client.ts';
import { type HubName, isCommit, isInsidePath } from './names.ts';

/** A file of a repository. Large files (LFS) have a SHA-256, small ones git's SHA-1 of the blob. */
export interface RemoteFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hexadecimal; it also names the blob in the cache. */
  readonly hash: string;
}

export interface Repository {
  readonly commit: string;
  readonly paths: readonly string[];
  /** Size and hash, from the listing or, with servers that leave them out there, by a HEAD request. */
  describe(path: string): Promise<RemoteFile>;
}

/** Datasets have addresses of their own. */
export type RepositoryKind = 'models' | 'datasets';

export const resolvePath = (repo: string, commit: string, path: string, kind: RepositoryKind = 'models'): string =>
  `${kind === 'datasets' ? '/datasets' : ''}/${repo}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;

/**
 * The commit of a revision and its files.
 * @throws Reasoned `hub-answer-invalid` or `hub-file-name` for an answer that can't be trusted, or the hub's refusal.
 */
export async function openRepository(
  client: HubClient,
  { repo, revision }: HubName,
  kind: RepositoryKind = 'models',
): Promise<Repository> {
  const path = `/api/${kind}/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const text = await client.retrying(() => client.text(path, { asked: { repo, revision } }));
  const { sha, siblings } = parseListing(text, repo);
  if (typeof sha !== 'string' || !isCommit(sha) || !Array.isArray(siblings))
    throw invalid(`the listing of "${repo}" has no commit or no files`);
  const listed = new Map(siblings.map(sibling => [nameOf(sibling, repo), sibling as Sibling]));
  return {
    commit: sha,
    paths: [...listed.keys()],
    describe: async path => fromListing(path, listed.get(path)) ?? (await fromHead(client, { repo, kind }, sha, path)),
  };
}

function parseListing(text: string, repo: string): { sha?: unknown; siblings?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(`the listing of "${repo}" is not JSON`);
    throw error;
  }
}

interface Sibling {
  readonly rfilename: string;
  readonly size?: unknown;
  readonly blobId?: unknown;
  readonly lfs?: { readonly sha256?: unknown; readonly size?: unknown } | null;
}

/** A name decides where a file is written: one that climbs out of the folder makes the whole answer suspect. */
function nameOf(sibling: unknown, repo: string): string {
  const name = (sibling as Partial<Sibling> | null)?.rfilename;
  if (typeof name !== 'string' || !isInsidePath(name))
    throw new Reasoned(
      'hub-file-name',
      `"${repo}" lists the file name ${JSON.stringify(name)}, which would lead out of its folder. Nothing was downloaded.`,
      'Do not use this repository, or tell the hub about it.',
    );
  return name;
}

function fromListing(path: string, sibling: Sibling | undefined): RemoteFile | undefined {
  const [size, hash] = sibling?.lfs ? [sibling.lfs.size, sibling.lfs.sha256] : [sibling?.size, sibling?.blobId];
  return remoteFile(path, size, hash);
}

/** The hub answers with a redirect to its store, and tells size and hash of what is there in X-Linked-*. */
async function fromHead(
  client: HubClient,
  { repo, kind }: { readonly repo: string; readonly kind: RepositoryKind },
  commit: string,
  path: string,
): Promise<RemoteFile> {
  const asked = { repo, revision: commit, file: path };
  const { headers } = await client.retrying(() =>
    client.once(resolvePath(repo, commit, path, kind), { method: 'HEAD', redirect: 'manual', asked }),
  );
  const size = headers.get('x-linked-size') ?? headers.get('content-length');
  const hash = (headers.get('x-linked-etag') ?? headers.get('etag'))?.replace(/^W\//, '').replaceAll('"', '');
  const file = remoteFile(path, size === null ? undefined : Number(size), hash);
  if (!file) throw invalid(`it tells no size or hash for "${path}" of "${repo}"`);
  return file;
}

function remoteFile(path: string, size: unknown, hash: unknown): RemoteFile | undefined {
  if (!Number.isSafeInteger(size) || (size as number) < 0) return undefined;
  if (typeof hash !== 'string' || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(hash)) return undefined;
  return { path, sizeBytes: size as number, hash };
}

const invalid = (what: string): Reasoned =>
  new Reasoned(
    'hub-answer-invalid',
    `The hub's answer can't be used: ${what}.`,
    'Check HF_ENDPOINT: it must be the address of a Hugging Face hub or of a mirror that speaks its interface.',
  );
