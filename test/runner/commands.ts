import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../host/paths.ts';

/** How many tests, or checks, a tier counted. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Where runners leave their results, for this one to read. */
export const resultsFolder = path.join(root, 'out', 'results');

const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);

/** Runs a program of node_modules, or this Node, with its output in sight; returns its exit status. */
export async function command(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(program === 'node' ? process.execPath : bin(program), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  const [status, signal] = await once(child, 'close');
  return signal === null ? status : 1;
}

/** Commands that either all pass, or not: one check. */
export async function check(...commands: ReadonlyArray<readonly [string, ...string[]]>): Promise<Counts> {
  let failed = false;
  for (const [program, ...args] of commands) failed = (await command(program, args)) !== 0 || failed;
  return { passed: failed ? 0 : 1, failed: failed ? 1 : 0 };
}

/** Runs vitest and counts its tests. A file that does not load counts as a failed test. */
export async function vitest(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const file = await freshResults(name);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const status = await command('vitest', ['run', ...args, ...reporters], env);
  return orFailed(status, await results(file, parseVitest));
}

/** A place for the results of a runner, with none there. */
export async function freshResults(name: string): Promise<string> {
  const file = path.join(resultsFolder, `${name}.json`);
  await mkdir(resultsFolder, { recursive: true });
  await rm(file, { force: true });
  return file;
}

/** What a runner wrote; nothing counted where it did not come to write. */
export async function results(file: string, parse: (text: string) => Counts): Promise<Counts> {
  return readFile(file, 'utf8').then(parse, () => ({ passed: 0, failed: 0 }));
}

/** A runner that failed without a failed test has failed all the same. */
export function orFailed(status: number, { passed, failed }: Counts): Counts {
  return { passed, failed: status === 0 ? failed : Math.max(1, failed) };
}

function parseVitest(text: string): Counts {
  const { numPassedTests, numFailedTests } = JSON.parse(text) as { numPassedTests: number; numFailedTests: number };
  return { passed: numPassedTests, failed: numFailedTests };
}
