import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Reasoned } from '../../protocol/result.ts';
import { exists, makeFolder } from '../files.ts';
import { freeBytes, requireSpace } from './diskSpace.ts';
import { connectFor, type DownloadOptions } from './download.ts';
import { freeName, isDataFile } from './fileNames.ts';
import { createMeter } from './meter.ts';
import { formatHubName, type HubName } from './names.ts';
import { openRepository, type RemoteFile } from './repository.ts';
import { incompleteFile, sizeOf, transfer } from './transfer.ts';

/**
 * Brings the data files of a dataset repository into a folder: the one that is named after the colon, those of a folder
 * that is named there, or all. Several keep their places, in a folder of the repository's name. A file that is there
 * already, whole, is not downloaded again.
 * @returns The files.
 * @throws Reasoned `hub-no-data`, and the hub's, the network's or the disk's reason.
 */
export async function downloadDataset(name: HubName, folder: string, options: DownloadOptions): Promise<string[]> {
  const { signal, onProgress } = options;
  const { client, sayWith } = await connectFor(name, options);
  try {
    const { commit, paths, describe } = await openRepository(client, name, 'datasets');
    const chosen = dataFiles(paths, name);
    const files: { readonly file: RemoteFile; readonly target: string; readonly there: boolean }[] = [];
    for (const path of chosen) {
      const file = await describe(path);
      files.push({
        file,
        ...(await placeOf(file, chosen.length === 1 ? folder : join(folder, nameOf(name)), chosen.length === 1)),
      });
    }
    const missing = files.filter(({ there }) => !there);
    const meter = createMeter(sum(missing.map(({ file }) => file.sizeBytes)), onProgress);
    sayWith(meter.say);
    const toWrite = await Promise.all(
      missing.map(async ({ file, target }) => file.sizeBytes - (await sizeOf(incompleteFile(target)))),
    );
    await requireSpace(folder, Math.max(0, sum(toWrite)), options.free ?? freeBytes);
    for (const { file, target } of missing) {
      await makeFolder(join(target, '..'));
      await transfer({ client, repo: name.repo, kind: 'datasets', commit, file, blob: target, meter, signal });
    }
    return files.map(({ target }) => target);
  } finally {
    await client.close();
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const nameOf = ({ repo }: HubName): string => basename(repo);

function dataFiles(paths: readonly string[], name: HubName): string[] {
  const { subfolder } = name;
  if (paths.includes(subfolder)) return [subfolder];
  const within = subfolder === '' ? '' : `${subfolder}/`;
  const chosen = paths.filter(path => path.startsWith(within) && isDataFile(path));
  if (chosen.length > 0) return chosen;
  const others = paths.filter(isDataFile).slice(0, 10);
  throw new Reasoned(
    'hub-no-data',
    `"${formatHubName(name)}" has no data file${subfolder === '' ? '' : ` "${subfolder}"`} that can be read here.`,
    others.length > 0
      ? `Name one of its files after a colon: ${others.join(', ')}.`
      : `Many datasets have their data as Parquet files in a branch of the hub’s own: try ${name.repo}@refs/convert/parquet.`,
  );
}

/** Where a file goes, and whether it is there. One that is there with other content is not written over. */
async function placeOf(file: RemoteFile, folder: string, alone: boolean): Promise<{ target: string; there: boolean }> {
  const target = join(folder, ...(alone ? [basename(file.path)] : file.path.split('/')));
  if (!(await exists(target))) return { target, there: false };
  if ((await stat(target)).size === file.sizeBytes && (await hashOf(target, file)) === file.hash)
    return { target, there: true };
  return { target: await freeName(target), there: false };
}

async function hashOf(path: string, { hash, sizeBytes }: RemoteFile): Promise<string> {
  const digest = hash.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
