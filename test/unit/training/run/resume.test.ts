import { spawn } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { cancelled } from '../../../../src/protocol/result.ts';
import type { RunResult } from '../../../../src/protocol/run/folder.ts';
import type { TrainingSpec } from '../../../../src/protocol/run/spec.ts';
import { type RunTools, runTraining } from '../../../../src/training/run/runTraining.ts';
import { TinyLearner } from '../tinyLearner.ts';
import { metricsOf, namesIn, runFolder, statusOf, weightsOf } from './runFolder.ts';

vi.setConfig({ testTimeout: 120_000 }); // processes start slowly on a busy machine

const TRAINING: Partial<TrainingSpec> = {
  maxSteps: 60,
  batchSize: 4,
  accumulation: 2,
  dropout: 0.2,
  evaluateEvery: 7,
  checkpointEvery: 6,
  keepBest: 'evalLoss',
};

/** In this process; `stopAfter` so many steps by a stop file. */
async function run(folder: string, stopAfter = Number.POSITIVE_INFINITY): Promise<RunResult | undefined> {
  const accumulate = (step: number): void => {
    if (step === stopAfter) writeFileSync(path.join(folder, 'stop'), '');
  };
  return runTraining(folder, {
    prepare: async () => {},
    openLearner: (spec, { resumeFrom }) => TinyLearner.open(resumeFrom, spec.training.dropout, { accumulate }),
  });
}

/** In a process of its own that is killed after so many milliseconds, if it still runs. */
async function killedAfter(folder: string, milliseconds: number): Promise<boolean> {
  const child = spawn('node', [path.resolve('test/unit/training/run/tinyTrainer.ts'), folder, '5'], {
    stdio: 'inherit',
  });
  const ended = new Promise<boolean>(resolve => child.once('close', (_, signal) => resolve(signal === 'SIGKILL')));
  while (!isTraining(folder, child.pid) && child.exitCode === null) await delay(5);
  await delay(milliseconds);
  child.kill('SIGKILL');
  return ended;
}

/** Leftovers that a finished run must not have. */
const leftovers = (folder: string): string[] =>
  [...namesIn(folder), ...namesIn(folder, 'checkpoints')].filter(name => name.startsWith('.') || name === 'lock');

async function uninterrupted(name: string) {
  const folder = await runFolder(name, TRAINING);
  const result = await run(folder);
  return { metrics: metricsOf(folder), weights: weightsOf(folder), result: result as RunResult };
}

async function expectEqual(folder: string, expected: Awaited<ReturnType<typeof uninterrupted>>): Promise<void> {
  expect(metricsOf(folder)).toEqual(expected.metrics);
  expect(weightsOf(folder).equals(expected.weights)).toBe(true);
  expect(statusOf(folder)).toMatchObject({ state: 'finished', step: 60, totalSteps: 60 });
  expect(namesIn(folder, 'checkpoints')).toEqual(['step-000054', 'step-000060']);
  expect(leftovers(folder)).toEqual([]);
}

test('stopped again and again and gone on with is the same as uninterrupted, bit for bit', async () => {
  const expected = await uninterrupted('stopped-expected');
  const folder = await runFolder('stopped', TRAINING);
  // 7 and 42 are steps after which an evaluation is due; 6 and 42 after which a checkpoint is.
  for (const stopAfter of [1, 6, 7, 20, 42, 60]) {
    expect(await run(folder, stopAfter)).toBeUndefined();
    expect(statusOf(folder)).toMatchObject({ state: 'stopped', step: stopAfter });
    expect(namesIn(folder, 'checkpoints').at(-1)).toBe(`step-${String(stopAfter).padStart(6, '0')}`);
    expect(namesIn(folder, 'model')).toEqual(['config.json', 'model.safetensors']);
  }
  const result = await run(folder);
  expect(result?.metrics).toEqual(expected.result.metrics);
  expect(result?.bestStep).toBe(expected.result.bestStep);
  await expectEqual(folder, expected);
});

test('killed at any moment and gone on with is the same as uninterrupted', async () => {
  const expected = await uninterrupted('killed-expected');
  const folder = await runFolder('killed', TRAINING);
  let kills = 0;
  for (let attempt = 0; attempt < 8 && statusIn(folder) !== 'finished'; attempt++) {
    if (await killedAfter(folder, 20 + 200 * Math.random())) kills++;
    for (const step of namesIn(folder).includes('checkpoints') ? namesIn(folder, 'checkpoints') : [])
      if (step.startsWith('step-')) expect(namesIn(folder, 'checkpoints', step)).toContain('state.json');
  }
  expect(kills).toBeGreaterThan(0);
  if (statusIn(folder) !== 'finished') await run(folder);
  await expectEqual(folder, expected);
});

test('killed after its last checkpoint and before an older one was deleted, it deletes that', async () => {
  const folder = await runFolder('undeleted', TRAINING);
  await run(folder, 60);
  const [older, oldest] = ['step-000054', 'step-000048'].map(name => path.join(folder, 'checkpoints', name));
  cpSync(older as string, oldest as string, { recursive: true });
  await run(folder);
  expect(namesIn(folder, 'checkpoints')).toEqual(['step-000054', 'step-000060']);
});

const isTraining = (folder: string, processId: number | undefined): boolean =>
  statusIn(folder) === 'running' && statusOf(folder).processId === processId;

const statusIn = (folder: string): string | undefined =>
  existsSync(path.join(folder, 'status.json')) ? statusOf(folder).state : undefined;

test('stopped while it is prepared, it says so, and is prepared anew', async () => {
  const folder = await runFolder('preparing', { maxSteps: 2 });
  const openLearner: RunTools['openLearner'] = () => TinyLearner.open(undefined, 0);
  const stopped = await runTraining(folder, {
    openLearner,
    async prepare(_folder, _spec, { signal, onProgress }) {
      onProgress({ message: 'Counting', done: 3, total: 9, unit: 'rows' });
      while (!statusOf(folder).preparing) await delay(20);
      expect(statusOf(folder)).toMatchObject({
        state: 'preparing',
        preparing: { message: 'Counting', done: 3, total: 9 },
      });
      writeFileSync(path.join(folder, 'stop'), '');
      await new Promise(resolve => signal.addEventListener('abort', resolve));
      throw cancelled();
    },
  });
  expect(stopped).toBeUndefined();
  expect(statusOf(folder)).toMatchObject({ state: 'stopped', step: 0 });
  expect(namesIn(folder)).not.toContain('lock');
  expect((await runTraining(folder, { openLearner, prepare: async () => {} }))?.steps).toBe(2);
});

test('the same seed gives the same run, another seed another', async () => {
  const runs = await Promise.all(
    [1, 1, 2].map(async (seed, index) => {
      const folder = await runFolder(`seed-${index}`, { ...TRAINING, maxSteps: 10, seed });
      await run(folder);
      return metricsOf(folder);
    }),
  );
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).not.toEqual(runs[0]);
});
