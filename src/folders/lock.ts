import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { fileError, systemCode } from '../models/files.ts';
import type { Reasoned } from '../protocol/result.ts';
import type { RunLock } from '../protocol/run/folder.ts';
import { isAlive } from '../protocol/run/liveness.ts';
import { thisMachine } from '../protocol/run/reading.ts';

/** A lock that says nothing yet is just being written; after so long whoever wrote it is gone. */
const EMPTY_LOCK_MS = 60_000;

/** The locks of this process: a number in a lock may be that of an earlier process, as in a container, where it is always 1. */
const held = new Set<string>();

export interface Lock {
  release(): Promise<void>;
}

/** What is locked, as far as it tells whether the holder of its lock lives. */
export interface Locked {
  /** The last heartbeat that was written down, and the seconds between two of them at most; by whoever holds the lock, or held it before. */
  lastSign(): Promise<{ readonly heartbeatAt?: string | undefined; readonly stepSeconds: number }>;
  /** Why it can't be had: `who` holds it. */
  busy(who: string): Reasoned;
}

/**
 * Takes what a lock file stands for, for this process alone. A lock whose holder is lost is taken over.
 * @throws Reasoned `busy` where another one works on it, and the file system's reasons
 */
export async function lock(path: string, locked: Locked): Promise<Lock> {
  const file = resolve(path);
  while (!(await create(file))) await takeAway(file, await lostHolder(file, locked));
  held.add(file);
  return {
    async release() {
      held.delete(file);
      await rm(file, { force: true });
    },
  };
}

async function create(file: string): Promise<boolean> {
  const lock: RunLock = { host: hostname(), processId: process.pid };
  try {
    await writeFile(file, `${JSON.stringify(lock)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw fileError(error, file);
  }
}

/** What a lock says whose holder is lost; undefined where it has just been released. Throws where the holder lives. */
async function lostHolder(file: string, locked: Locked): Promise<string | undefined> {
  const found = await read(file);
  if (!found) return undefined;
  const { written, at } = found;
  const holder = parsed(written);
  const alive = holder ? await isHeld(file, holder, at, locked) : Date.now() - at.getTime() < EMPTY_LOCK_MS;
  if (alive) throw locked.busy(holder ? `process ${holder.processId} on ${holder.host}` : 'another process');
  return written;
}

/** What a lock says, and since when; undefined where there is none. */
async function read(file: string): Promise<{ readonly written: string; readonly at: Date } | undefined> {
  try {
    return { written: await readFile(file, 'utf8'), at: (await stat(file)).mtime };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(error, file);
  }
}

async function isHeld(file: string, holder: RunLock, lockedAt: Date, { lastSign }: Locked): Promise<boolean> {
  if (holder.host === hostname() && holder.processId === process.pid) return held.has(file);
  const { heartbeatAt: written = '', stepSeconds } = await lastSign();
  // Until it writes a status of its own, the heartbeat there is that of the holder before.
  const heartbeatAt = [written, lockedAt.toISOString()].sort().at(-1) as string;
  return isAlive({ ...holder, heartbeatAt }, stepSeconds, thisMachine());
}

/** Renamed first and read again: of two that find it lost one takes it away, and not the lock that the other made since. */
async function takeAway(file: string, written: string | undefined): Promise<void> {
  if (written === undefined) return;
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) === written) await rm(aside);
    else await rename(aside, file);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, file);
  }
}

function parsed(text: string): RunLock | undefined {
  try {
    const { host, processId } = JSON.parse(text) as Partial<RunLock>;
    return typeof host === 'string' && typeof processId === 'number' ? { host, processId } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
