import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';
import { type RunTools, runTraining } from '../../../../src/training/run/runTraining.ts';
import { TinyLearner, type Trouble } from '../tinyLearner.ts';
import { metricsOf, namesIn, runFolder, scratch, statusOf } from './runFolder.ts';

const TRAINING = { maxSteps: 12, checkpointEvery: 4, evaluateEvery: 6 };

const tools = (trouble: Trouble = {}): RunTools => ({
  prepare: async () => {},
  openLearner: (spec, { resumeFrom }) => TinyLearner.open(resumeFrom, spec.training.dropout, trouble),
});

const systemError = (code: string): Error => Object.assign(new Error(`${code}: as the system says it`), { code });

/** Once the second checkpoint is written half. */
const whileSaving = (error: Error): Trouble => {
  let saves = 0;
  return {
    save: async folder => {
      writeFileSync(path.join(folder, 'half'), 'written');
      if (++saves === 2) throw error;
    },
  };
};

const atStep = (wanted: number, error: Error): Trouble => ({
  accumulate(step) {
    if (step === wanted) throw error;
  },
});

describe('a run that fails says why, keeps its checkpoints and goes on when the cause is gone', () => {
  const TROUBLES: ReadonlyArray<[what: string, code: string, message: string, trouble: Trouble]> = [
    ['a full disk', 'disk-full', 'step-000008', whileSaving(systemError('ENOSPC'))],
    [
      'a loss that is no number',
      'loss-not-a-number',
      'step 6',
      { loss: (step, loss) => (step === 6 ? Number.NaN : loss) },
    ],
    ['no memory', 'out-of-memory', 'memory', atStep(7, new RangeError('Array buffer allocation failed'))],
    ['what nobody foresaw', 'unexpected', 'on fire', atStep(7, new Error('The processor is on fire'))],
  ];

  test.each(TROUBLES)('%s', async (what, code, message, trouble) => {
    const folder = await runFolder(what.replaceAll(' ', '-'), TRAINING);
    await expect(runTraining(folder, tools(trouble))).rejects.toMatchObject({ code });
    expect(statusOf(folder)).toMatchObject({
      state: 'failed',
      error: { code, message: expect.stringContaining(message), remedy: expect.stringMatching(/./) },
    });
    expect(namesIn(folder, 'checkpoints')).toEqual(['step-000004']);
    expect(namesIn(folder)).not.toContain('lock');
    expect(existsSync(path.join(folder, 'model'))).toBe(false);

    const result = await runTraining(folder, tools());
    expect(result?.steps).toBe(12);
    expect(statusOf(folder)).toMatchObject({ state: 'finished' });
    expect(statusOf(folder)).not.toHaveProperty('error');
    const unharmed = await runFolder(`${what.replaceAll(' ', '-')}-not`, TRAINING);
    await runTraining(unharmed, tools());
    expect(metricsOf(folder)).toEqual(metricsOf(unharmed));
  });
});

describe('refused before anything is trained', () => {
  test.each<[what: string, change: Partial<RunRequest>, code: string, told: string]>([
    ['torch', { backend: 'torch' }, 'backend-unsupported', 'torch'],
    ['a field that is wrong', { training: { epochs: -1 } }, 'run-invalid', 'training.epochs'],
    ['no step', { training: { batchSize: 64, dropLast: true } }, 'no-steps', '40 rows'],
  ])('%s', async (what, change, code, told) => {
    const folder = await runFolder(`refused-${what.replaceAll(' ', '-')}`, TRAINING, change);
    await expect(runTraining(folder, tools())).rejects.toMatchObject({ code, message: expect.stringContaining(told) });
    expect(statusOf(folder)).toMatchObject({ state: 'failed', error: { code } });
    expect(existsSync(path.join(folder, 'metrics.jsonl'))).toBe(false);
  });

  test('a folder that is no run', async () => {
    await expect(runTraining(path.join(scratch, 'nowhere'), tools())).rejects.toMatchObject({ code: 'run-missing' });
  });

  test('a run that has finished', async () => {
    const folder = await runFolder('finished', { maxSteps: 2 });
    await runTraining(folder, tools());
    const before = metricsOf(folder);
    await expect(runTraining(folder, tools())).rejects.toMatchObject({ code: 'run-finished' });
    expect(metricsOf(folder)).toEqual(before);
    expect(statusOf(folder)).toMatchObject({ state: 'finished' });
  });

  test('a second trainer on one run, while the first goes on', async () => {
    const folder = await runFolder('two', TRAINING);
    let second: Promise<unknown> = Promise.resolve();
    const startSecond: Trouble = {
      accumulate(step) {
        if (step === 3) second = runTraining(folder, tools());
        if (step === 3) second.catch(() => {});
      },
    };
    expect((await runTraining(folder, tools(startSecond)))?.steps).toBe(12);
    await expect(second).rejects.toMatchObject({
      code: 'run-busy',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(statusOf(folder)).toMatchObject({ state: 'finished' });
  });
});

describe('a lock that was left', () => {
  const gone = 2 ** 22 + 1; // above the highest process number of Linux
  const at = (secondsAgo: number): string => new Date(Date.now() - 1000 * secondsAgo).toISOString();
  const status = (host: string, heartbeatAt: string) => ({
    state: 'running',
    host,
    processId: gone,
    heartbeatAt,
    startedAt: at(999),
    step: 0,
    totalSteps: 0,
    device: 'cpu',
  });

  test.each<[what: string, lock: unknown, heartbeatAt: string, taken: boolean, lockedAt?: string]>([
    ['by a process of this host that is gone', { host: hostname(), processId: gone }, at(1), true],
    ['by an earlier process of this one’s number', { host: hostname(), processId: process.pid }, at(1), true],
    ['by a living process of this host', { host: hostname(), processId: process.ppid }, at(9999), false],
    ['on another host, silent for two minutes', { host: 'elsewhere', processId: 1 }, at(120), true],
    ['on another host, alive half a minute ago', { host: 'elsewhere', processId: 1 }, at(30), false],
    ['on another host, a moment ago, over an old status', { host: 'elsewhere', processId: 1 }, at(120), false, at(2)],
  ])('%s', async (what, lock, heartbeatAt, taken, lockedAt = at(9999)) => {
    const folder = await runFolder(`lock ${what}`, { maxSteps: 2 });
    writeFileSync(path.join(folder, 'lock'), JSON.stringify(lock));
    utimesSync(path.join(folder, 'lock'), new Date(lockedAt), new Date(lockedAt));
    writeFileSync(
      path.join(folder, 'status.json'),
      JSON.stringify(status((lock as { host: string }).host, heartbeatAt)),
    );
    const running = runTraining(folder, tools());
    if (taken) expect((await running)?.steps).toBe(2);
    else await expect(running).rejects.toMatchObject({ code: 'run-busy' });
    expect(namesIn(folder).filter(name => name.startsWith('lock'))).toEqual(taken ? [] : ['lock']);
  });
});

test.each([
  ['a whole model to go on with', 'model.safetensors', 'checkpoints/step-000004'],
  ['an adapter, which is no model', 'adapter_model.safetensors', 'starting'],
])('the model that a run began with is gone, and its checkpoint is %s', async (_, weights, opened) => {
  const folder = await runFolder(`model-gone ${weights}`, TRAINING);
  const model = path.join(folder, 'starting');
  mkdirSync(model);
  const sources: Array<{ folder: string; resumeFrom?: string }> = [];
  const noting: RunTools = {
    ...tools(),
    openLearner(spec, source) {
      sources.push(source);
      if (sources.length > 1) throw new Error('opened again');
      return tools(atStep(7, new Error('pulled out'))).openLearner(spec, source);
    },
  };
  await expect(runTraining(folder, noting)).rejects.toThrow('pulled out');
  rmSync(model, { recursive: true });
  const checkpoint = path.join(folder, 'checkpoints', 'step-000004');
  renameSync(path.join(checkpoint, 'model.safetensors'), path.join(checkpoint, weights));
  await expect(runTraining(folder, noting)).rejects.toThrow('opened again');
  expect(sources).toMatchObject([{ folder: model }, { folder: path.join(folder, opened), resumeFrom: checkpoint }]);
});

test.each(['state.json', 'optimizer.safetensors'])('a checkpoint whose %s was spoiled is named', async file => {
  const folder = await runFolder(`spoiled ${file}`, TRAINING);
  await expect(runTraining(folder, tools(atStep(7, new Error('pulled out'))))).rejects.toThrow('pulled out');
  writeFileSync(path.join(folder, 'checkpoints', 'step-000004', file), '{');
  await expect(runTraining(folder, tools())).rejects.toMatchObject({
    code: 'checkpoint-unreadable',
    message: expect.stringContaining('step-000004'),
  });
});

/** Root is stopped by no permissions. */
async function withoutRoot<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test.skipIf(process.platform === 'win32')('a folder that can’t be written in is told, and left as it is', async () => {
  const folder = await runFolder('read-only', TRAINING);
  chmodSync(scratch, 0o755);
  chmodSync(folder, 0o555);
  try {
    const running = withoutRoot(() => runTraining(folder, tools()));
    await expect(running).rejects.toMatchObject({
      code: 'file-not-permitted',
      message: expect.stringContaining(path.join(folder, 'lock')),
    });
  } finally {
    chmodSync(folder, 0o755);
  }
  expect(namesIn(folder)).toEqual(['data', 'run.json']);
});
