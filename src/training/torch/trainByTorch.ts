import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { Reasoned } from '../../protocol/result.ts';
import { RUN_FILES, type RunResult, type RunStatus } from '../../protocol/run/folder.ts';
import { readJson } from '../../protocol/run/reading.ts';
import type { Session } from '../run/session.ts';
import { findPython, type Python } from './python.ts';

/** How often it is looked how far the run is. */
const LOOK_MS = 500;

/**
 * Trains a prepared run by PyTorch: starts our Python package on the run folder, where it writes what the trainer here
 * would have written, and follows it. This process keeps the lock, and PyTorch ends when it does.
 * @returns The result, or undefined where the run was stopped, and saved.
 * @throws Reasoned why the run failed, and what findPython throws
 */
export async function trainByTorch(session: Session, torchPackage: string): Promise<RunResult | undefined> {
  const { folder, spec, signal } = session;
  const python = await findPython({ asked: spec.torch.python, folder, torchPackage });
  const child = start(python, folder);
  const stop = (): void => {
    writeFile(join(folder, RUN_FILES.stop), '').catch((error: unknown) => console.error(error)); // then it is not stopped
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    return await follow(child, session);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Its standard input stays open as long as this process lives; what it has to say goes to log.txt. */
const start = ({ executable, env }: Python, folder: string): ChildProcess =>
  spawn(executable, ['-m', 'lm_lab_torch', folder, '--held-by', String(process.pid)], {
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
  });

/** Tells progress by what the status says, until the process has ended; then what came of it. */
async function follow(child: ChildProcess, { folder, status, onProgress }: Session): Promise<RunResult | undefined> {
  const look = async (): Promise<RunStatus | undefined> => {
    const told = await readJson<RunStatus>(join(folder, RUN_FILES.status));
    if (!told) return undefined;
    const { state, step, totalSteps, device, error } = told;
    status.note({ state, step, totalSteps, device, ...(error && { error }) });
    onProgress({ message: 'Training by PyTorch', unit: 'steps', done: step, total: totalSteps });
    return told;
  };
  const looking = setInterval(() => {
    look().catch((error: unknown) => console.error(error)); // a lasting trouble is met again at the end
  }, LOOK_MS);
  const said = child.stderr ? readAll(child.stderr) : '';
  try {
    await once(child, 'close');
  } finally {
    clearInterval(looking);
  }
  const told = await look();
  if (told?.state === 'finished') return readJson<RunResult>(join(folder, RUN_FILES.result));
  if (told?.state === 'stopped') return undefined;
  throw told?.state === 'failed' && told.error ? Reasoned.from(told.error) : gone(child, await said);
}

/** Where the launcher itself came to an end that it could not tell of. */
function gone({ exitCode, signalCode }: ChildProcess, said: string): Reasoned {
  const how = signalCode ? `the signal ${signalCode}` : `exit code ${exitCode}`;
  const last = said.trim().split('\n').at(-1) ?? '';
  return new Reasoned(
    'trainer-ended',
    `PyTorch’s launcher ended with ${how}${last && `: ${last}`}.`,
    'The run’s log.txt may say more. Resume the run to go on from its last checkpoint.',
  );
}
