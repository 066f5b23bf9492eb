import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import type { MetricsLine, RunResult, RunStatus } from '../../src/protocol/run/folder.ts';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { trainRun } from '../../src/trainer/trainRun.ts';
import { prepareRun } from '../../src/training/examples/prepareRun.ts';
import { readSpec } from '../../src/training/run/specFile.ts';
import { PACKAGE } from './environment.ts';

/** An empty folder for the file's tests. */
export const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-torch-'));
afterAll(() => rmSync(scratch, { recursive: true }));

export const PYTHON = process.env['LM_LAB_TORCH_PYTHON'] as string;
process.env['LM_LAB_PYTHON'] = PYTHON;

export const places = { starterFolder: path.resolve('models/starter'), torchPackage: PACKAGE };

export const MODEL = path.resolve('test/parity/fixtures/as-published');
/** 25 rows, of which 21 train: steps of 4 leave one row for the last, which two processes can't share. */
const ROWS = Array.from({ length: 25 }, (_, row) => ({
  prompt: `After ${row} comes`,
  completion: ` ${row + 1}${row % 3 === 0 ? ', of course' : ''}.`,
  rejected: row % 2 === 0 ? ' I do not know.' : ` ${row}, as before.`,
  kind: ['even', 'odd'][row % 2],
}));
const data = path.join(scratch, 'numbers.json');
writeFileSync(data, JSON.stringify(ROWS));

/** A request of 20 steps of four rows. */
export function request(method: RunRequest['method'], changes: Partial<RunRequest> = {}): RunRequest {
  return {
    method,
    model: MODEL,
    device: 'cpu',
    threads: 1,
    ...changes,
    dataset: { columns: COLUMNS[method] ?? {}, ...changes.dataset, file: data },
    training: {
      maxSteps: 20,
      batchSize: 2,
      accumulation: 2,
      maxLength: 40,
      learningRate: 1e-3,
      evaluateEvery: 10,
      checkpointEvery: 10,
      ...changes.training,
    },
  };
}

const COLUMNS: Readonly<Partial<Record<RunRequest['method'], Readonly<Record<string, string>>>>> = {
  lm: { text: 'prompt' },
  classification: { text: 'prompt', label: 'kind' },
  reward: { prompt: 'prompt', chosen: 'completion', rejected: 'rejected' },
  dpo: { prompt: 'prompt', chosen: 'completion', rejected: 'rejected' },
};

/** A run folder that holds a request. */
export function folderOf(name: string, run: RunRequest): string {
  const folder = path.join(scratch, name.replaceAll(/[^\w-]+/g, '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(run));
  return folder;
}

/** The same request by PyTorch: as many processes take a share of each step's micro-batches. */
export function byTorch(run: RunRequest, processes: number): RunRequest {
  const accumulation = (run.training?.accumulation ?? 1) / processes;
  return { ...run, backend: 'torch', torch: { processes }, training: { ...run.training, accumulation } };
}

export const train = (folder: string): Promise<RunResult | undefined> => trainRun(folder, places);

/** Its examples, and no more. */
export const prepare = async (folder: string): Promise<void> => prepareRun(folder, await readSpec(folder), places);

/** Our Python package on a run folder, as it is started on a cluster. */
export function start(folder: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(PYTHON, ['-m', 'lm_lab_torch', folder, ...args], {
    env: { ...process.env, PYTHONPATH: PACKAGE, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

export const json = <T>(...parts: readonly string[]): T => JSON.parse(readFileSync(path.join(...parts), 'utf8')) as T;

export const statusOf = (folder: string): RunStatus => json(folder, 'status.json');

export const lines = <T>(...parts: readonly string[]): T[] =>
  readFileSync(path.join(...parts), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as T);

/** Without what is a time. */
export const metricsOf = (folder: string): MetricsLine[] =>
  lines<MetricsLine>(folder, 'metrics.jsonl').map(line => ({ ...line, elapsedSeconds: 0, tokensPerSecond: 0 }));

/** Waits until a run has so many lines of metrics. */
export async function linesTold(folder: string, count: number): Promise<void> {
  const file = path.join(folder, 'metrics.jsonl');
  while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length <= count) {
    if (existsSync(path.join(folder, 'status.json')) && statusOf(folder).error)
      throw new Error(JSON.stringify(statusOf(folder).error));
    await delay(5);
  }
}
