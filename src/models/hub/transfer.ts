import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'undici';
import { cancelled, Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { exists, fileError } from '../files.ts';
import type { HubClient } from './client.ts';
import type { Meter } from './meter.ts';
import { unreachable } from './refusals.ts';
import { type RemoteFile, type RepositoryKind, resolvePath } from './repository.ts';
import { Transient } from './retry.ts';

export interface Transfer {
  readonly client: HubClient;
  readonly repo: string;
  /** Absent: a model's. */
  readonly kind?: RepositoryKind;
  readonly commit: string;
  readonly file: RemoteFile;
  /** Where the file goes once it is whole and checked. */
  readonly blob: string;
  readonly meter: Meter;
  readonly signal?: AbortSignal | undefined;
}

/** Its own name: other programs may use `<hash>.incomplete`, and two must not write to one file. */
export const incompleteFile = (blob: string): string => `${blob}.lm-lab.incomplete`;

export const sizeOf = async (file: string): Promise<number> => ((await exists(file)) ? (await stat(file)).size : 0);

/**
 * Downloads one file into the cache: continues an incomplete one, checks size and hash, then renames it. When it is
 * cancelled or fails, the incomplete file stays and is continued the next time.
 * @throws Reasoned `download-corrupt`, the hub's refusal, or the file system's reason.
 */
export async function transfer(job: Transfer): Promise<void> {
  const incomplete = incompleteFile(job.blob);
  // Of what an earlier download left, a part may be damaged: then once more, from the start.
  const attempts = (await sizeOf(incomplete)) > 0 ? 2 : 1;
  for (let attempt = 1; ; attempt++) {
    await receiveAll(job, incomplete);
    if (await matches(job, incomplete)) return rename(incomplete, job.blob);
    await rm(incomplete, { force: true });
    if (attempt === attempts) throw corruptDownload(job.file, 'its hash is not the one that the hub tells');
    job.meter.skip(-job.file.sizeBytes);
  }
}

async function receiveAll(job: Transfer, incomplete: string): Promise<void> {
  const { file, meter, client } = job;
  if ((await sizeOf(incomplete)) > file.sizeBytes) await truncate(incomplete, 0);
  meter.skip(await sizeOf(incomplete));
  await client.retrying(async () => {
    meter.say(`Downloading ${file.path}`);
    await receive(job, incomplete);
  });
}

/** One request for what is missing. */
async function receive(job: Transfer, incomplete: string): Promise<void> {
  const { client, repo, kind, commit, file } = job;
  const have = await sizeOf(incomplete);
  if (have === file.sizeBytes && have > 0) return;
  const response = await client.once(resolvePath(repo, commit, file.path, kind), {
    asked: { repo, revision: commit, file: file.path },
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
  });
  const start = startOf(response, have);
  job.meter.skip(start - have);
  if (!response.ok) await response.body?.cancel();
  const end = await append(job, incomplete, response, { start, have });
  if (end < file.sizeBytes) throw cut(job, end, have);
}

/** Servers may ignore a range and send everything (200), or not have it (416). */
function startOf({ status, headers }: Response, have: number): number {
  const from = status === 206 ? /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] : undefined;
  return from !== undefined && Number(from) === have ? have : 0;
}

/** @returns How long the file is then. */
async function append(
  job: Transfer,
  incomplete: string,
  response: Response,
  { start, have }: { start: number; have: number },
): Promise<number> {
  const { client, file, meter, signal } = job;
  let position = start;
  try {
    const handle = await open(incomplete, start > 0 ? 'r+' : 'w');
    try {
      for await (const piece of client.body(response)) {
        if (position + piece.length > file.sizeBytes) throw corruptDownload(file, 'more bytes come than it has');
        await handle.write(piece, 0, piece.length, position);
        position += piece.length;
        meter.add(piece.length);
        throwIfAborted(signal);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Transient) throw cut(job, position, have);
    throw fileError(error, incomplete);
  }
  return position;
}

/** Progress is what goes beyond `have`: a server that ignores ranges and cuts every time must not be asked forever. */
function cut({ file, client }: Transfer, at: number, have: number): Transient {
  const what = new Error(`the connection was cut after ${at} of ${file.sizeBytes} bytes of ${file.path}`);
  return new Transient(unreachable(client.endpoint, what), { progressed: at > have });
}

async function matches({ file, meter, signal }: Transfer, path: string): Promise<boolean> {
  meter.say(`Checking ${file.path}`);
  try {
    const hash = hasher(file);
    await pipeline(createReadStream(path), hash, signal ? { signal } : {});
    return hash.digest('hex') === file.hash;
  } catch (error) {
    throw signal?.aborted ? cancelled() : fileError(error, path);
  }
}

/** SHA-256 for large files; git's for small ones, which hashes a header before the content. */
function hasher({ hash, sizeBytes }: RemoteFile): Hash {
  return hash.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);
}

const corruptDownload = (file: RemoteFile, what: string): Reasoned =>
  new Reasoned(
    'download-corrupt',
    `"${file.path}" did not arrive as it should: ${what} (${file.sizeBytes} bytes, ${file.hash}).`,
    'Try again. If it happens again, a proxy or a mirror on the way changes the file.',
  );
