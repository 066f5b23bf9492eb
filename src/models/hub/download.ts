import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { OnProgress } from '../../protocol/engine.ts';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { parseConfig } from '../config.ts';
import { exists, makeFolder } from '../files.ts';
import type { Environment } from '../home.ts';
import { withLock } from '../lock.ts';
import { hubEndpoint, hubToken } from './access.ts';
import { cacheFolder, linkBlob, repoFolder, repoFolderName, snapshotFolder, writeRef } from './cache.ts';
import { connect, type HubClient } from './client.ts';
import { type FreeBytes, freeBytes, requireSpace } from './diskSpace.ts';
import { createMeter, type Meter } from './meter.ts';
import { formatHubName, type HubName } from './names.ts';
import { openRepository, type RemoteFile } from './repository.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { selectFiles } from './selection.ts';
import { incompleteFile, sizeOf, transfer } from './transfer.ts';

export interface DownloadOptions {
  readonly environment: Environment;
  readonly token?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly retry?: RetryPolicy;
  readonly free?: FreeBytes;
}

/**
 * Brings what a model folder needs into the shared Hugging Face cache, unless it is there, and returns the folder.
 * The snapshot appears when every file is whole and checked; a cancel leaves incomplete blobs, which are continued.
 * @throws Reasoned with the hub's, the network's or the disk's reason.
 */
export async function download(name: HubName, options: DownloadOptions): Promise<string> {
  const { signal, onProgress } = options;
  const { client, sayWith } = await connectFor(name, options);
  try {
    const plan = await planDownload(client, name, options);
    const meter = createMeter(plan.missingBytes, onProgress);
    sayWith(meter.say);
    for (const file of plan.files) await fetchFile(client, plan, file, meter, signal);
    throwIfAborted(signal);
    await publish(plan);
    return join(plan.snapshot, name.subfolder);
  } finally {
    await client.close();
  }
}

type Say = (message: string) => void;

/** A connection for a download, which tells that it asks and when it waits; `sayWith` changes how, once there is a meter. */
export async function connectFor(
  name: HubName,
  { environment, signal, onProgress, ...options }: DownloadOptions,
): Promise<{ readonly client: HubClient; readonly sayWith: (other: Say) => void }> {
  const endpoint = hubEndpoint(options.endpoint, environment);
  let say: Say = message => onProgress?.({ message, done: 0, unit: 'bytes' });
  say(`Asking the hub for ${formatHubName(name)}`);
  const client = await connect({
    endpoint,
    token: await hubToken(options.token, environment),
    environment,
    signal,
    retry: options.retry ?? DEFAULT_RETRY,
    onWait: (waitMs, why) => say(`${why.message} Trying again in ${Math.ceil(waitMs / 1000)} s`),
  });
  return {
    client,
    sayWith: other => {
      say = other;
    },
  };
}

interface Plan {
  readonly name: HubName;
  readonly cache: string;
  readonly commit: string;
  readonly snapshot: string;
  /** In the order of the download. */
  readonly files: readonly RemoteFile[];
  readonly missingBytes: number;
}

async function planDownload(client: HubClient, name: HubName, options: DownloadOptions): Promise<Plan> {
  const cache = cacheFolder(options.environment);
  const { commit, paths, describe } = await openRepository(client, name);
  const files: RemoteFile[] = [];
  for (const path of selectFiles(paths, name)) files.push(await describe(path));
  const plan = { name, cache, commit, snapshot: snapshotFolder(cache, name.repo, commit), files };
  let [missingBytes, toWrite] = [0, 0];
  for (const file of files) {
    if (await isThere(plan, file)) continue;
    missingBytes += file.sizeBytes;
    toWrite += file.sizeBytes - Math.min(file.sizeBytes, await sizeOf(incompleteFile(blobOf(plan, file))));
  }
  await requireSpace(cache, toWrite, options.free ?? freeBytes);
  return { ...plan, missingBytes };
}

type Place = Omit<Plan, 'missingBytes'>;

const blobOf = ({ cache, name }: Place, { hash }: RemoteFile): string =>
  join(repoFolder(cache, name.repo), 'blobs', hash);

const pointerOf = ({ snapshot }: Place, { path }: RemoteFile): string => join(snapshot, ...path.split('/'));

/** As a blob, or as a file in the snapshot where there are no links. */
async function isThere(plan: Place, file: RemoteFile): Promise<boolean> {
  for (const path of [blobOf(plan, file), pointerOf(plan, file)])
    if ((await exists(path)) && (await stat(path)).size === file.sizeBytes) return true;
  return false;
}

async function fetchFile(
  client: HubClient,
  plan: Plan,
  file: RemoteFile,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(await isThere(plan, file))) {
    const { cache, commit, name } = plan;
    const blob = blobOf(plan, file);
    await makeFolder(dirname(blob));
    const lock = join(cache, '.locks', repoFolderName(name.repo), `${file.hash}.lm-lab.lock`);
    await withLock(lock, { waitMs: 0, busy: () => alreadyDownloading(name), signal }, () =>
      transfer({ client, repo: name.repo, commit, file, blob, meter, signal }),
    );
  }
  if (basename(file.path) === 'config.json') await checkConfig(plan, file);
}

/** A model that can't be used is refused before its weights are downloaded. */
async function checkConfig(plan: Plan, file: RemoteFile): Promise<void> {
  const path = (await exists(blobOf(plan, file))) ? blobOf(plan, file) : pointerOf(plan, file);
  parseConfig(await readFile(path, 'utf8'), `${formatHubName(plan.name)}/config.json`);
}

async function publish(plan: Plan): Promise<void> {
  for (const file of plan.files)
    if (await exists(blobOf(plan, file))) await linkBlob(blobOf(plan, file), pointerOf(plan, file));
  await writeRef(plan.cache, plan.name, plan.commit);
}

const alreadyDownloading = (name: HubName): Reasoned =>
  new Reasoned(
    'download-under-way',
    `Another window or command is downloading "${formatHubName(name)}".`,
    'Wait until it has finished, then add the model again.',
  );
