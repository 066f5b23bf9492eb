import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { readHeader } from '../../../../src/models/safetensors.ts';
import type { RunRequest, TrainingSpec } from '../../../../src/protocol/run/spec.ts';
import { readExamples, writeExamples } from '../../../../src/training/examples/files.ts';
import type { Step, StepTaker } from '../../../../src/training/learner.ts';
import { stepsOfNextRun } from '../../../../src/training/learner/deviceSteps.ts';
import { openLearner } from '../../../../src/training/learner/open.ts';
import { createOptimizer } from '../../../../src/training/optimizer/create.ts';
import { runTraining } from '../../../../src/training/run/runTraining.ts';
import { firstStep, fixtureRun, openFixture } from '../../../parity/learner/runs.ts';
import { metricsOf, namesIn } from '../run/runFolder.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-device-'));
afterAll(() => rmSync(scratch, { recursive: true }));

vi.setConfig({ testTimeout: 60_000 });

const MODEL = path.resolve('test/parity/fixtures/head-size-12');

/** A run folder of prepared examples of test/parity/training, with ids that the model's tokenizer knows. */
async function runFolder(name: string): Promise<string> {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  for (const part of ['train.safetensors', 'validation.safetensors']) {
    const examples = await readExamples(path.resolve('test/parity/training/fixtures/data/completions', part));
    await writeExamples(path.join(folder, 'data', part), { ...examples, ids: examples.ids.map(id => id % 400) });
  }
  const training: Partial<TrainingSpec> = {
    maxSteps: 10,
    batchSize: 2,
    accumulation: 2,
    learningRate: 1e-3,
    dropout: 0.1,
    evaluateEvery: 20,
    checkpointEvery: 4,
  };
  const request = { method: 'sft', model: MODEL, dataset: { file: 'data.json' }, training } satisfies RunRequest;
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...request, device: 'cpu', threads: 1 }));
  return folder;
}

/** Until `stopAfter` is told of; in runs of `stepsAtOnce`, or in place. */
function trained(folder: string, stepsAtOnce?: number, stopAfter = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  const tools = {
    prepare: async () => {},
    openLearner: (...[spec, source]: Parameters<typeof openLearner>) =>
      openLearner(spec, { ...source, ...(stepsAtOnce !== undefined && { stepsAtOnce }) }),
  };
  const onProgress = ({ done }: { done: number }): void => {
    if (done >= stopAfter) stop.abort();
  };
  return runTraining(folder, tools, { signal: stop.signal, onProgress });
}

test('a run goes on in place from where it was on a device, and the other way round, as if it had not been stopped', async () => {
  const [whole, mixed] = [await runFolder('whole'), await runFolder('mixed')];
  await trained(whole);
  expect(await trained(mixed, 3, 2)).toBeUndefined(); // sees the stop after step 3
  expect(namesIn(mixed, 'checkpoints')).toEqual(['step-000003']);
  const saved = await readHeader(path.join(mixed, 'checkpoints', 'step-000003', 'optimizer.safetensors'));
  expect(await trained(mixed, undefined, 6)).toBeUndefined();
  await trained(mixed, 4);
  const last = (folder: string) => readHeader(path.join(folder, 'checkpoints', 'step-000008', 'optimizer.safetensors'));
  expect([...saved.keys()]).toEqual([...(await last(whole)).keys()]);
  const [expected, actual] = [metricsOf(whole), metricsOf(mixed)];
  expect(actual).toHaveLength(expected.length);
  for (const [index, line] of expected.entries()) {
    for (const [figure, value] of Object.entries(line))
      expect({ [figure]: (actual[index]?.[figure] as number) / (value || 1) }).toEqual({
        [figure]: expect.closeTo(value === 0 ? 0 : 1, 4),
      });
  }
});

/** A learner that takes steps of `run` on a device, and its taker. */
async function opened(name: string, stepsAtOnce: number, changes: Partial<RunRequest> = {}) {
  const run = await fixtureRun(name, changes);
  const learner = await openFixture(run, undefined, { stepsAtOnce });
  const optimizer = createOptimizer(learner.parameters, run.spec.training);
  return { run, learner, taker: learner.stepsOnDevice?.(optimizer.moments) as StepTaker };
}

test('what fills a micro-batch up changes nothing: a step is the same beside a longer one as by itself', async () => {
  const [alone, beside] = [await opened('sft', 1), await opened('sft', 2)];
  const { train } = alone.run;
  const length = (row: number): number => (train.offsets[row + 1] as number) - (train.offsets[row] as number);
  const rows = Array.from({ length: train.offsets.length - 1 }, (_, row) => row).sort((a, b) => length(a) - length(b));
  const step = (number: number, rows: readonly number[]): Step => ({
    number,
    learningRate: 1e-3,
    batches: [{ examples: train, rows }],
  });
  const shorter = step(1, rows.slice(0, 2));
  const longer = step(2, rows.slice(-5));
  const [expected] = await alone.taker.take([shorter]);
  const [actual] = await beside.taker.take([shorter, longer]);
  expect((actual?.figures[0]?.lossSum as number) / (expected?.figures[0]?.lossSum as number)).toBeCloseTo(1, 6);
  expect((actual?.gradientNorm as number) / (expected?.gradientNorm as number)).toBeCloseTo(1, 6);
  expect(actual?.figures[0]).toMatchObject({
    units: expected?.figures[0]?.units,
    tokens: expected?.figures[0]?.tokens,
  });
  for (const { learner } of [alone, beside]) await learner.dispose();
});

test.each(['classification-mean', 'reward'])('%s: texts that begin alike are as many as they are', async name => {
  const changes: Partial<RunRequest> = { training: { batchSize: 4, optimizer: 'sgd' } };
  const { run, learner, taker } = await opened(name, 1, changes);
  const first = run.train.ids[0] as number;
  const ids = run.train.ids.slice();
  for (const start of run.train.offsets.slice(0, -1)) ids.fill(first, start, start + 3);
  const batch = (rows: readonly number[]) => ({ examples: { ...run.train, ids }, rows });
  const { lossSum } = await learner.evaluate(batch([0, 1, 2, 3]));
  let apart = 0;
  for (const row of [0, 1, 2, 3]) apart += (await learner.evaluate(batch([row]))).lossSum;
  expect(lossSum / apart).toBeCloseTo(1, 5);
  const [taken] = await taker.take([{ number: 1, learningRate: 1e-3, batches: [batch([0, 1, 2, 3])] }]);
  expect((taken?.figures[0]?.lossSum as number) / apart).toBeCloseTo(1, 5);
  await learner.dispose();
});

test('steps that grow beyond all bounds are told as such from their number on', async () => {
  const { run, learner, taker } = await opened('sft', 3, { training: { maxGradientNorm: null, optimizer: 'sgd' } });
  const batches = firstStep(run);
  const taken = await taker.take(
    [1e30, 1, 1].map((learningRate, index) => ({ number: index + 1, learningRate, batches })),
  );
  expect(taken.map(({ gradientNorm }) => Number.isFinite(gradientNorm))).toEqual([true, false, false]);
  await learner.dispose();
});

test('where scaled gradients become infinite a step is taken with a smaller scale, as if nothing had been', async () => {
  const half: Partial<RunRequest> = { precision: 'f16' };
  const [small, large] = [await opened('sft', 2, half), await opened('sft', 2, half)];
  const scales = ({ learner }: typeof large) => (learner as unknown as { steps: { lossScale: number } }).steps;
  expect(scales(large).lossScale).toBe(2 ** 16);
  scales(large).lossScale = 2 ** 127; // the CPU computes in float32, and has to be given more than that holds
  for (const { learner } of [small, large])
    learner.parameters.find(({ name }) => name === 'transformer.ln_f.weight')?.values.fill(100);
  const steps = [1, 2].map(number => ({ number, learningRate: 1e-3, batches: firstStep(large.run) }));
  const [expected, actual] = [await small.taker.take(steps), await large.taker.take(steps)];
  for (const [index, { figures, gradientNorm }] of expected.entries()) {
    expect((actual[index]?.gradientNorm as number) / gradientNorm).toBeCloseTo(1, 3);
    expect((actual[index]?.figures[0]?.lossSum as number) / (figures[0]?.lossSum as number)).toBeCloseTo(1, 3);
  }
  expect(scales(large).lossScale).toBeLessThan(2 ** 127);
  expect(scales(large).lossScale).toBeGreaterThan(2 ** 100);
  expect(scales(small).lossScale).toBeLessThanOrEqual(2 ** 16);
  for (const { learner } of [small, large]) await learner.dispose();
});

test('on the CPU, whose memory is that of all else, steps are taken in place', async () => {
  const learner = await openFixture(await fixtureRun('sft'));
  expect(learner.stepsOnDevice).toBeUndefined();
  await learner.dispose();
});

test.each([
  ['a run that was over soon is followed by one twice as long', [4, 1, 1e6], 8],
  ['one that comes near five seconds by one that takes them', [10, 4, 1e6], 12],
  ['one that took too long by a shorter one', [10, 20, 1e6], 2],
  ['one of a step by one of a step, however long that takes', [1, 100, 1e6], 1],
  ['what is given stays within its bound', [10, 1, 200e6], 12],
] as const)('%s', (_, [steps, seconds, bytes], expected) => {
  expect(stepsOfNextRun(steps, seconds, bytes)).toBe(expected);
});
