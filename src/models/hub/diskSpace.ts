import { statfs } from 'node:fs/promises';
import { makePath } from '../../protocol/makePath.ts';
import { Reasoned } from '../../protocol/result.ts';
import { fileError } from '../files.ts';

export type FreeBytes = (folder: string) => Promise<number>;

/** Left free, so that a download does not take the last of the disk. */
const MARGIN_BYTES = 100_000_000;

export async function freeBytes(folder: string): Promise<number> {
  try {
    await makePath(folder);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** @throws Reasoned `disk-full`, with the figures, before anything is written. */
export async function requireSpace(folder: string, neededBytes: number, free: FreeBytes): Promise<void> {
  const available = await free(folder);
  if (neededBytes === 0 || neededBytes + MARGIN_BYTES <= available) return;
  throw new Reasoned(
    'disk-full',
    `The download needs ${megabytes(neededBytes)} and ${megabytes(MARGIN_BYTES)} to spare; "${folder}" has ${megabytes(available)} free.`,
    'Free some space, or set HF_HUB_CACHE to a folder on another disk.',
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
