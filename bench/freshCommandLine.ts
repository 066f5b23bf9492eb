import { spawn } from 'node:child_process';
import { text as readAll } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { Reasoned } from '../src/protocol/result.ts';
import type { Bench } from './run.ts';

/** Runs a command of `lm-lab` on the CPU in a process of its own: from its start to its end, and the most memory it held. */
export async function freshCommandLine(
  { cli, signal }: Bench,
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ seconds: number; peakBytes: number }> {
  const peakMemory = new URL('peakMemory.ts', import.meta.url).href;
  const args = ['--import', peakMemory, cli, ...command, '--device', 'cpu', '--json'];
  const start = performance.now();
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 2, 'pipe'], env, signal });
  const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [output, peak] = await Promise.all([readAll(child.stdout as Readable), readAll(child.stdio[3] as Readable)]);
  if ((await code) !== 0)
    throw new Reasoned('bench-failed', `The command line failed: ${output}`, 'Run the same command by itself.');
  return { seconds: (performance.now() - start) / 1000, peakBytes: Number(peak) };
}
