import { open, rename, rm, stat, utimes } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makePath } from '../protocol/makePath.ts';
import { type Reasoned, throwIfAborted } from '../protocol/result.ts';
import { fileError, systemCode } from './files.ts';

export interface LockOptions {
  /** How long to wait for another process. */
  readonly waitMs: number;
  /** What is told when it still holds the lock then. */
  readonly busy: () => Reasoned;
  readonly signal?: AbortSignal | undefined;
}

const HEARTBEAT_MS = 2000;
/** A holder that has not touched its lock for so long is dead. */
const STALE_MS = 10_000;
const POLL_MS = 25;

/** Runs `work` while no other process, and no other call in this one, holds the lock file. */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquire(file, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => clearInterval(heartbeat)); // gone: taken over after this process slept
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function acquire(file: string, { waitMs, busy, signal }: LockOptions): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await create(file))) {
    throwIfAborted(signal);
    if (await isStale(file)) await takeAway(file);
    else if (Date.now() >= deadline) throw busy();
    else await delay(POLL_MS);
  }
}

async function create(file: string): Promise<boolean> {
  try {
    await makePath(dirname(file));
    const handle = await open(file, 'wx');
    await handle.close();
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw fileError(error, file);
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > STALE_MS;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false; // just released
    throw fileError(error, file);
  }
}

/** Renamed first, so that of two that find it stale only one removes it. */
async function takeAway(file: string): Promise<void> {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(file, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, file);
  }
}
