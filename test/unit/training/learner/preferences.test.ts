import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readHeader } from '../../../../src/models/safetensors.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';
import { readExamples, writeExamples } from '../../../../src/training/examples/files.ts';
import type { MicroBatch } from '../../../../src/training/learner.ts';
import { openLearner } from '../../../../src/training/learner/open.ts';
import { accumulated, descend, firstStep, fixtureRun, openFixture } from '../../../parity/learner/runs.ts';
import { metricsOf, trained, weightsOf } from '../run/runFolder.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-preferences-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const MODEL = path.resolve('test/parity/fixtures/head-size-12');

/** A run folder of prepared examples of test/parity/training, with ids that the model's tokenizer knows. */
async function runFolder(name: string, data: string, request: Partial<RunRequest>): Promise<string> {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  for (const part of ['train.safetensors', 'validation.safetensors']) {
    const examples = await readExamples(path.resolve('test/parity/training/fixtures/data', data, part));
    await writeExamples(path.join(folder, 'data', part), { ...examples, ids: examples.ids.map(id => id % 400) });
  }
  const training = { maxSteps: 8, batchSize: 4, learningRate: 1e-3, dropout: 0.1, evaluateEvery: 3 };
  const run = { method: 'dpo', model: MODEL, dataset: { file: 'data.json' }, training, device: 'cpu', ...request };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(run));
  return folder;
}

test.each<[name: string, data: string, request: Partial<RunRequest>]>([
  ['dpo', 'preferences', {}],
  ['dpo-lora', 'preferences', { trainable: { lora: { rank: 2 } } }],
  ['reward', 'ranked', { method: 'reward' }],
])('%s: stopped and gone on with is the same as uninterrupted, bit for bit', async (name, data, request) => {
  const whole = await runFolder(`${name}-whole`, data, request);
  const parts = await runFolder(`${name}-parts`, data, request);
  await trained(whole);
  for (const stopAfter of [2, 5]) expect(await trained(parts, stopAfter)).toBeUndefined();
  await trained(parts);
  expect(metricsOf(parts)).toEqual(metricsOf(whole));
  if (!('trainable' in request)) expect(weightsOf(parts).equals(weightsOf(whole))).toBe(true);
});

test('before the first step nothing is preferred: the loss is log 2, and every margin is 0', async () => {
  const run = await fixtureRun('dpo');
  const learner = await openFixture(run);
  const [batch] = firstStep(run) as [MicroBatch];
  const { lossSum, units, sums } = await learner.evaluate(batch);
  expect(lossSum / units).toBeCloseTo(Math.LN2, 6);
  expect(sums['rewardsMargin']?.sum).toBeCloseTo(0, 4);
  await learner.dispose();
});

test('a head that reads the first token can’t tell answers to one prompt apart', async () => {
  const run = await fixtureRun('reward', { reward: { pooling: 'first' } });
  const learner = await openFixture(run);
  const { lossSum, units, sums } = await learner.evaluate(firstStep(run)[0] as MicroBatch);
  expect(lossSum / units).toBeCloseTo(Math.LN2, 6);
  expect(sums['accuracy']).toEqual({ sum: 0, count: 4 });
  expect(learner.notes).toEqual([expect.stringMatching(/pooling "first"/)]);
  await learner.dispose();
});

test('a reward model is saved as a classifier of one label, and a run that starts from it goes on with its head', async () => {
  const run = await fixtureRun('reward');
  const learner = await openFixture(run);
  const [batch] = firstStep(run) as [MicroBatch];
  await accumulated(learner, [batch]);
  descend(learner, 0.05);
  const folder = path.join(scratch, 'reward-model');
  await learner.save(folder);
  expect(JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'))).toMatchObject({
    architectures: ['GPT2ForSequenceClassification'],
    id2label: { 0: 'LABEL_0' },
    pad_token_id: 0,
    lm_lab: { pooling: 'last', hidden: null, bias: false },
  });
  expect((await readHeader(path.join(folder, 'model.safetensors'))).get('score.weight')?.shape).toEqual([1, 24]);
  const again = await openLearner(run.spec, { folder });
  expect((await again.evaluate(batch)).lossSum).toBe((await learner.evaluate(batch)).lossSum);
  await learner.dispose();
  await again.dispose();
});

test.each([
  ['with another vocabulary', 'gpt2-vocabulary', 'reference-unfit', /50257/],
  ['that is gone', 'no-such-model', 'reference-missing', /no-such-model/],
])('a reference %s is refused', async (_, name, code, message) => {
  const reference = path.resolve('test/parity/fixtures', name);
  const compared = fixtureRun('dpo', { dpo: { reference } });
  await expect(compared).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
