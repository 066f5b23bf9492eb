import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileError, systemCode } from '../../models/files.ts';
import { Reasoned } from '../../protocol/result.ts';
import { RUN_FILES, type RunLock } from '../../protocol/run/folder.ts';
import { isAlive } from '../../protocol/run/liveness.ts';
import { readRun, thisMachine } from '../../protocol/run/reading.ts';

/** A lock that says nothing yet is just being written; after so long whoever wrote it is gone. */
const EMPTY_LOCK_MS = 60_000;

/** The locks of this process: a number in a lock may be that of an earlier process, as in a container, where it is always 1. */
const held = new Set<string>();

/**
 * Takes a run for this process alone. A lock whose trainer is lost is taken over.
 * @throws Reasoned `run-busy` where another trainer works on it, and the file system's reasons
 */
export async function lockRun(folder: string): Promise<{ release(): Promise<void> }> {
  const file = join(resolve(folder), RUN_FILES.lock);
  while (!(await create(file))) await takeAway(file, await lostHolder(folder, file));
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
async function lostHolder(folder: string, file: string): Promise<string | undefined> {
  const found = await read(file);
  if (!found) return undefined;
  const { written, at } = found;
  const lock = parsed(written);
  const alive = lock ? await holderLives(folder, lock, file, at) : Date.now() - at.getTime() < EMPTY_LOCK_MS;
  if (alive) throw busy(folder, lock);
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

async function holderLives(folder: string, lock: RunLock, file: string, lockedAt: Date): Promise<boolean> {
  if (lock.host === hostname() && lock.processId === process.pid) return held.has(file);
  const run = await readRun(folder);
  // Until it writes a status of its own, the heartbeat there is that of the trainer before.
  const heartbeatAt = [run?.status?.heartbeatAt ?? '', lockedAt.toISOString()].sort().at(-1) as string;
  return isAlive({ ...lock, heartbeatAt }, run?.stepSeconds ?? 0, thisMachine());
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

function busy(folder: string, lock: RunLock | undefined): Reasoned {
  const who = lock ? `process ${lock.processId} on ${lock.host}` : 'another process';
  return new Reasoned(
    'run-busy',
    `"${folder}" is being trained by ${who}.`,
    'Wait until it has ended, or stop it; a run has one trainer at a time.',
  );
}
