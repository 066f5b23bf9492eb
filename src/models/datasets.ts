import { downloadAddress } from './hub/address.ts';
import { downloadDataset } from './hub/dataset.ts';
import type { DownloadOptions } from './hub/download.ts';
import { parseHubName } from './hub/names.ts';
import { unpack } from './hub/unpack.ts';

/**
 * Brings a dataset into a folder: from an http address, or from the hub's dataset repository
 * `owner/name[@revision][:path]`. Archives are unpacked.
 * @returns The files.
 * @throws Reasoned where it could not be brought, or has no data in it.
 */
export async function getDataset(source: string, folder: string, options: DownloadOptions): Promise<string[]> {
  const files = await downloaded(source.trim(), folder, options);
  const unpacked: string[] = [];
  for (const file of files) unpacked.push(...(await unpack(file, options)));
  return unpacked;
}

async function downloaded(source: string, folder: string, options: DownloadOptions): Promise<string[]> {
  const onHub = hubDataset(source);
  if (onHub !== undefined) return downloadDataset(parseHubName(onHub), folder, options);
  return [await downloadAddress(source, folder, options)];
}

/** A name on the hub, or the address of such a dataset's page or file there; undefined for any other address. */
function hubDataset(source: string): string | undefined {
  if (!/^[a-z]+:\/\//i.test(source)) return source.replace(/^datasets\//, '');
  const [, name, revision, path] =
    /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/datasets\/([^/]+\/[^/?#]+)(?:\/(?:blob|resolve|tree|raw)\/([^/?#]+)(?:\/([^?#]+))?)?/.exec(
      source,
    ) ?? [];
  if (name === undefined) return undefined;
  return name + (revision ? `@${decodeURIComponent(revision)}` : '') + (path ? `:${decodeURIComponent(path)}` : '');
}
