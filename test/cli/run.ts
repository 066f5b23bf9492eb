import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { afterAll } from 'vitest';

export const CLI = path.resolve('dist/cli.js');
if (!existsSync(CLI)) throw new Error('dist/cli.js is not built: run npm run build first.');

const { LM_LAB_NODE_20 = process.execPath, LM_LAB_NODE_24 = process.execPath } = process.env;

/** The Node versions that the command line is promised to run on, as far as their paths were given. */
export const NODES = [...new Set([LM_LAB_NODE_20, LM_LAB_NODE_24])];

/** An empty folder for the file's tests, with a models list of its own. */
export const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-cli-'));
afterAll(() => rmSync(scratch, { recursive: true }));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands on standard input. */
export type Input = string | Uint8Array;

export interface Started {
  readonly process: ReturnType<typeof spawn>;
  readonly outcome: Promise<Outcome>;
}

export function start(node: string, args: readonly string[], input: Input = ''): Started {
  const env = { ...process.env, LM_LAB_HOME: path.join(scratch, 'home') };
  const child = spawn(node, [CLI, ...args], { env });
  child.stdin.on('error', () => {}); // One that reads nothing may be gone before its input is written.
  child.stdin.end(input);
  const code = new Promise<number | null>(resolve => child.once('close', resolve));
  const outcome = Promise.all([code, readAll(child.stdout), readAll(child.stderr)]);
  return { process: child, outcome: outcome.then(([code, stdout, stderr]) => ({ code, stdout, stderr })) };
}

export const run = (node: string, args: readonly string[], input?: Input): Promise<Outcome> =>
  start(node, args, input).outcome;
