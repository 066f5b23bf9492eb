import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cancelled, err, ok, reasonOf, type Result } from '../../protocol/result.ts';

export interface InstallerCall {
  readonly onLine: (line: string) => void;
  readonly onCancel: (listener: () => void) => void;
}

export interface Installer {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The code of the reason that it failed, and what then could not be done, as a sentence without its end. */
  readonly failure: { readonly code: string; readonly what: string };
}

/** Runs a program that installs or writes something, line by line, until its end or until it is cancelled. */
export function runInstaller(installer: Installer, { onLine, onCancel }: InstallerCall): Promise<Result<true>> {
  const { program, args, env, failure } = installer;
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', line => {
      lines.push(line.trim());
      onLine(line);
    });
  }
  let stopped = false;
  onCancel(() => {
    stopped = true;
    child.kill();
  });
  return new Promise(resolve => {
    const failed = (why: string): Result<never> =>
      err(
        failure.code,
        `${failure.what}: ${why.replace(NOISE, '')}.`,
        'See the log for all that was said, and try again.',
      );
    child.once('error', error => resolve(failed(error.message)));
    child.once('exit', code => {
      if (stopped) resolve({ ok: false, error: reasonOf(cancelled()) });
      else
        resolve(
          code === 0
            ? ok(true)
            : failed(lines.find(line => /error|failed/i.test(line)) ?? lines.at(-1) ?? `exit code ${code}`),
        );
    });
  });
}

/** What stands before a sentence: the time, and that it is an error; and its end. */
const NOISE = /^(\d{4}-\S+Z |error: )+|\.$/gi;

/** ONNX Runtime's CUDA files exist for this platform alone. */
export const canInstallCuda = (): boolean => process.platform === 'linux' && process.arch === 'x64';
