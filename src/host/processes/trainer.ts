import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, reasonOf, type Result } from '../../protocol/result.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';

export interface TrainerLaunch {
  /** The bundled trainer. */
  readonly module: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called while this window is open, when the process is gone: with its exit code, or the signal that ended it. */
  readonly onExit: (processId: number, how: string) => void;
}

/**
 * Starts a trainer on a run folder, in a process of its own group under the editor's own Node. It talks through the
 * folder alone, so it outlives the window, and the editor. What it prints goes to the run's log.
 */
export function startTrainer({ module, folder, env, onExit }: TrainerLaunch): Promise<Result<number>> {
  let log: number;
  try {
    log = openSync(join(folder, RUN_FILES.log), 'a');
  } catch (error) {
    return Promise.resolve(notStarted(reasonOf(error).message, 'Make the run folder writable, then start it again.'));
  }
  const child = spawn(process.execPath, [module, folder], {
    cwd: folder,
    detached: true,
    env,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log); // the child has its own
  child.unref();
  child.once('exit', (code, signal) => onExit(child.pid ?? 0, signal ? `signal ${signal}` : `exit code ${code}`));
  return new Promise(resolve => {
    child.once('error', error =>
      resolve(notStarted(`The trainer could not be started: ${error.message}.`, 'The log may say more.')),
    );
    child.once('spawn', () => resolve(ok(child.pid ?? 0)));
  });
}

const notStarted = (message: string, remedy: string): Result<never> => err('trainer-not-started', message, remedy);
