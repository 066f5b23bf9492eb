import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { KEEPS_MEMORY } from '../src/protocol/processMemory.ts';
import { Reasoned } from '../src/protocol/result.ts';
import { RUN_FILES, type MetricsLine, type RunResult } from '../src/protocol/run/folder.ts';
import type { RunRequest } from '../src/protocol/run/spec.ts';

/** A run of the command line's, finished. */
export interface FinishedRun {
  readonly folder: string;
  readonly result: RunResult;
  /** Of the steps, and of the evaluations between them. */
  readonly metrics: readonly MetricsLine[];
  /** Of the process that trained. */
  readonly peakBytes: number;
}

/** Trains by `lm-lab train`, in a process of its own. The request's paths are absolute. */
export async function trainByCommandLine(
  cli: string,
  request: RunRequest,
  folder: string,
  signal: AbortSignal,
): Promise<FinishedRun> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'request.run.json');
  await writeFile(file, JSON.stringify(request, null, 2));
  const peakMemory = new URL('peakMemory.ts', import.meta.url).href;
  const args = ['--import', peakMemory, cli, 'train', file, '--runs-folder', path.join(folder, 'runs'), '--json'];
  const env = { ...KEEPS_MEMORY, ...process.env }; // what the command would else begin anew with, without the peak's pipe
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env, signal });
  const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [output, log, peak] = await Promise.all(
    [child.stdout, child.stderr, child.stdio[3]].map(stream => readAll(stream as Readable)),
  );
  if ((await code) !== 0)
    throw new Reasoned('bench-failed', `Training failed: ${output}${log}`, `Run “lm-lab train ${file}” by itself.`);
  const run = (log ?? '').split('\n', 1)[0] as string;
  const lines = (await readFile(path.join(run, RUN_FILES.metrics), 'utf8')).trim().split('\n');
  const metrics = lines.map(line => JSON.parse(line) as MetricsLine);
  return { folder: run, result: JSON.parse(output as string) as RunResult, metrics, peakBytes: Number(peak) };
}

/** A step of PyTorch's. */
export interface PythonStep {
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly examples: number;
}

/** What trains the same examples beside us: transformers' model in a plain loop, or TRL's DPOTrainer. */
export type PythonSide = 'training_side.py' | 'preference_side.py';

/** The same examples in the same batches, by PyTorch, in a process of their own. */
export async function trainByPython(
  { python, side }: { readonly python: string; readonly side: PythonSide },
  runFolder: string,
  threads: number,
  steps: number,
  signal: AbortSignal,
): Promise<{ steps: readonly PythonStep[]; peakBytes: number }> {
  const script = path.join(import.meta.dirname, 'python', side);
  const quiet = { TRANSFORMERS_VERBOSITY: 'error', HF_HUB_DISABLE_PROGRESS_BARS: '1', HF_HUB_OFFLINE: '1' };
  const env = { ...process.env, ...quiet, OMP_NUM_THREADS: `${threads}`, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, [script, runFolder, `${threads}`, `${steps}`], {
    stdio: ['ignore', 'pipe', 2],
    env,
    signal,
  });
  const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const output = await readAll(child.stdout as Readable);
  if ((await code) !== 0)
    throw new Reasoned(
      'transformers-failed',
      'The Python side of the benchmark failed.',
      'Read what it said above; is what bench/requirements.txt names installed in that environment?',
    );
  const lines = output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as PythonStep & { peakBytes: number });
  return { steps: lines.slice(0, -1), peakBytes: lines.at(-1)?.peakBytes ?? Number.NaN };
}
