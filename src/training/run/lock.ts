import { join } from 'node:path';
import { type Lock, lock } from '../../folders/lock.ts';
import { Reasoned } from '../../protocol/result.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import { readRun } from '../../protocol/run/reading.ts';

/**
 * Takes a run for this process alone. A lock whose trainer is lost is taken over.
 * @throws Reasoned `run-busy` where another trainer works on it, and the file system's reasons
 */
export const lockRun = (folder: string): Promise<Lock> =>
  lock(join(folder, RUN_FILES.lock), {
    async lastSign() {
      const run = await readRun(folder);
      return { heartbeatAt: run?.status?.heartbeatAt, stepSeconds: run?.stepSeconds ?? 0 };
    },
    busy: who =>
      new Reasoned(
        'run-busy',
        `"${folder}" is being trained by ${who}.`,
        'Wait until it has ended, or stop it; a run has one trainer at a time.',
      ),
  });
