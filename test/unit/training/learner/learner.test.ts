import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { KeyValueCache } from '../../../../src/gpt2/cache.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';
import { evaluatePart } from '../../../../src/training/evaluation.ts';
import type { Learner, MicroBatch } from '../../../../src/training/learner.ts';
import type { DecodingModel } from '../../../../src/training/learner/decoding.ts';
import { openLearner } from '../../../../src/training/learner/open.ts';
import { Run } from '../../../../src/training/learner/runs.ts';
import {
  accumulated,
  descend,
  difference,
  firstStep,
  fixtureRun,
  gradientsOf,
  openFixture,
} from '../../../parity/learner/runs.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-learner-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const lossOf = async (learner: Learner, batch: MicroBatch): Promise<number> => {
  const { lossSum, units } = await learner.evaluate(batch);
  return lossSum / units;
};

test.each(['sft', 'lm', 'classification-mean', 'sft-label-words', 'reward-ranked-accumulation', 'dpo', 'dpo-ipo'])(
  '%s: eight micro-batches of one row give the gradients of one of eight',
  async name => {
    const run = await fixtureRun(name);
    const learner = await openFixture(run);
    const rows = Array.from({ length: 8 }, (_, row) => row);
    const together = await accumulated(learner, [{ examples: run.train, rows }]);
    const expected = gradientsOf(learner);
    learner.clearGradients();
    const apart = await accumulated(
      learner,
      rows.map(row => ({ examples: run.train, rows: [row] })),
    );
    expect(apart).toBeCloseTo(together, 5);
    const differences = [...gradientsOf(learner)].map(
      ([name, gradient]) => [name, difference(gradient, expected.get(name) as Float32Array)] as const,
    );
    expect(differences.filter(([, found]) => found > 1e-5)).toEqual([]);
    await learner.dispose();
  },
);

test.each([
  'sft',
  'sft-untied-gelu',
  'sft-inner-relu',
  'sft-lora',
  'classification-hidden',
  'classification-position',
  'classification-lora',
  'reward-mean',
  'reward-lora',
  'dpo-lora',
])('%s: what was saved continues with the same loss', async name => {
  const run = await fixtureRun(name);
  const learner = await openFixture(run);
  const [batch] = firstStep(run) as [MicroBatch];
  const before = await lossOf(learner, batch);
  for (let step = 1; step <= 3; step++) {
    await accumulated(learner, [batch], step);
    descend(learner, 0.05);
  }
  const after = await lossOf(learner, batch);
  expect(after).toBeLessThan(before);
  const folder = path.join(scratch, name);
  await learner.save(folder);
  const again = await openFixture(run, folder);
  expect(await lossOf(again, batch)).toBe(after);
  await learner.dispose();
  await again.dispose();
});

test.each(['sft', 'sft-lora', 'sft-untied-gelu'])('%s: the model for samples is the one that trains', async name => {
  const run = await fixtureRun(name);
  const learner = await openFixture(run);
  const [batch] = firstStep(run) as [MicroBatch];
  for (let step = 1; step <= 3; step++) {
    await accumulated(learner, [batch], step);
    descend(learner, 0.05);
    const one = { examples: run.train, rows: [0] };
    expect(await decodedLoss(learner, one)).toBeCloseTo(await lossOf(learner, one), 4);
    if (step === 2) await learner.closeDecodingModel(); // and it can be asked for again
  }
  await learner.dispose();
});

/** The loss of a row's scored tokens by the model that decodes. */
async function decodedLoss(learner: Learner, { examples, rows }: MicroBatch): Promise<number> {
  const model = await learner.decodingModel();
  if (!model) throw new Error('it predicts no tokens');
  const [start, end] = [examples.offsets[rows[0] as number], examples.offsets[(rows[0] as number) + 1]];
  const ids = [...examples.ids.subarray(start, end)];
  const scored = [...examples.scored.subarray(start, end)];
  const states = await model.lastHiddenStates(
    { ids, positions: ids.map((_, position) => position), attended: { kind: 'causal' } },
    new KeyValueCache(model.config),
  );
  const { logProbabilities } = await model.statistics(states, [...ids.slice(1), 0], 1);
  const losses = ids.flatMap((_, at) => (scored[at] === 1 ? [-(logProbabilities[at - 1] as number)] : []));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Dropout keeps sequences apart; this much drops nothing. */
const APART = { dropout: 1e-6 };

test.each(['sft', 'sft-label-words', 'reward', 'dpo', 'dpo-ipo', 'dpo-lora'])(
  '%s: what sequences begin with alike is computed once, and gives what sequences apart give',
  async name => {
    const { training } = (await fixtureRun(name)).spec;
    const runs = [await fixtureRun(name), await fixtureRun(name, { training: { ...training, ...APART } })];
    const found: Array<{ loss: number; gradients: ReadonlyMap<string, Float32Array>; tokens: number }> = [];
    for (const run of runs) {
      const learner = await openFixture(run);
      const [batch] = firstStep(run) as [MicroBatch];
      await accumulated(learner, [batch]);
      descend(learner, 0.1); // away from the reference, where all margins are 0
      const { tokens } = await learner.accumulate(batch, learner.unitsOf(batch), { seed: 3, step: 2, microBatch: 0 });
      learner.clearGradients();
      const loss = await accumulated(learner, [batch], 2);
      found.push({ loss, gradients: gradientsOf(learner), tokens });
      await learner.dispose();
    }
    const [together, apart] = found as [(typeof found)[number], (typeof found)[number]];
    expect(together.loss / apart.loss).toBeCloseTo(1, 5);
    expect(together.tokens).toBe(apart.tokens);
    for (const [parameter, gradient] of together.gradients) {
      expect(difference(gradient, apart.gradients.get(parameter) as Float32Array)).toBeLessThan(1e-4);
    }
  },
);

describe('dropout', () => {
  const withDropout = (name: string) =>
    fixtureRun(name, { training: { batchSize: 4, dropout: 0.2 }, trainable: { layers: 'all' } });

  test('the same numbers drop the same values, others drop others', async () => {
    const run = await withDropout('sft');
    const learner = await openFixture(run);
    const [batch] = firstStep(run) as [MicroBatch];
    const losses: number[] = [];
    for (const step of [1, 2, 1]) losses.push(await accumulated(learner, [batch], step));
    expect(losses[2]).toBe(losses[0]);
    expect(losses[1]).not.toBe(losses[0]);
    expect(losses[0]).not.toBeCloseTo(await lossOf(learner, batch), 3);
    await learner.dispose();
  });

  test('evaluation drops nothing', async () => {
    const [dropping, plain] = [await withDropout('sft'), await fixtureRun('sft')];
    const [batch] = firstStep(plain) as [MicroBatch];
    const learners = [await openFixture(dropping), await openFixture(plain)] as const;
    expect(await lossOf(learners[0], batch)).toBe(await lossOf(learners[1], batch));
    for (const learner of learners) await learner.dispose();
  });

  test('gradients are those of what was left: a step along them lowers the same loss', async () => {
    const run = await withDropout('sft');
    const learner = await openFixture(run);
    const [batch] = firstStep(run) as [MicroBatch];
    const before = await accumulated(learner, [batch]);
    const norm = learner.parameters.reduce((sum, { gradient }) => sum + gradient.reduce((s, g) => s + g * g, 0), 0);
    const rate = 1e-4;
    descend(learner, rate);
    const after = await accumulated(learner, [batch]);
    expect((before - after) / (rate * norm)).toBeCloseTo(1, 1);
    await learner.dispose();
  });
});

const REFUSALS: ReadonlyArray<readonly [string, string, Partial<RunRequest>, string, RegExp]> = [
  ['more blocks than there are', 'sft', { trainable: { layers: { last: 3 } } }, 'layers-invalid', /last 3.*has 2/],
  ['a head that is the embedding', 'sft', { trainable: { layers: 'head' } }, 'nothing-to-train', /embedding/],
  ['one label', 'classification', { classification: { labels: ['a'] } }, 'labels-missing', /\["a"\]/],
  ['half precision on the CPU', 'sft', { precision: 'f16' }, 'precision-unsupported', /f16/],
];

test.each(REFUSALS)('%s is refused', async (_, name, changes, code, told) => {
  const { spec, folder } = await fixtureRun(name, changes);
  await expect(openLearner(spec, { folder })).rejects.toMatchObject({ code, message: expect.stringMatching(told) });
});

test('how far sequences were filled up is saved, and goes on from there, also where no batch has any padding', async () => {
  const run = await fixtureRun('classification-position');
  const examples = { ...run.train, paddedLength: null };
  const learner = await openFixture(run);
  const lengths = [0, 1, 2].map(row => (examples.offsets[row + 1] as number) - (examples.offsets[row] as number));
  for (const row of [0, 1, 2]) await learner.evaluate({ examples, rows: [row] });
  const savedBy = async (learner: Learner, name: string): Promise<number> => {
    const folder = path.join(scratch, name);
    await learner.save(folder);
    return JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')).lm_lab.paddedLength;
  };
  expect(await savedBy(learner, 'filled')).toBe(Math.max(...lengths));
  const again = await openFixture(run, path.join(scratch, 'filled'));
  expect(await savedBy(again, 'filled-again')).toBe(Math.max(...lengths));
  await learner.dispose();
  await again.dispose();
});

test('numbers that grow beyond all bounds are told as such', async () => {
  const run = await fixtureRun('sft');
  const learner = await openFixture(run);
  learner.parameters.find(({ name }) => name === 'transformer.ln_f.weight')?.values.fill(1e38);
  const evaluating = evaluatePart(learner, run.train, {
    batchSize: 4,
    batches: 1,
    signal: new AbortController().signal,
    breathe: async () => {},
  });
  await expect(evaluating).rejects.toMatchObject({ code: 'loss-not-a-number' });
  await learner.dispose();
});

test('random weights follow from the seed alone, with the spread that config.json asks for', async () => {
  const run = await fixtureRun('lm', { initialize: 'random' });
  const [one, same] = [await openFixture(run), await openFixture(run)];
  const values = one.parameters.find(({ name }) => name === 'transformer.wte.weight')?.values as Float32Array;
  expect(same.parameters.find(({ name }) => name === 'transformer.wte.weight')?.values).toEqual(values);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  expect(deviation).toBeCloseTo(0.02, 3);
  for (const learner of [one, same]) await learner.dispose();
});

test('a learner that can’t be opened leaves none of its sessions open', async () => {
  const { spec, folder } = await fixtureRun('sft', { training: { backward: 'blocks' } });
  const { open } = Run.prototype;
  const opened = vi.spyOn(Run.prototype, 'open');
  opened.mockImplementationOnce(open).mockRejectedValueOnce(new Error('no such kernel'));
  const disposed = vi.spyOn(Run.prototype, 'dispose');
  await expect(openLearner(spec, { folder })).rejects.toMatchObject({ code: 'runtime-failed' });
  expect(opened.mock.contexts).toHaveLength(2);
  expect(disposed.mock.contexts).toEqual(expect.arrayContaining(opened.mock.contexts));
  vi.restoreAllMocks();
});

test('a model to decode with that can’t be opened can be asked for again, and closed', async () => {
  const learner = await openFixture(await fixtureRun('sft'));
  const decoding: DecodingModel = Reflect.get(learner, 'decoding');
  const absent = process.platform === 'win32' ? 'coreml' : 'dml';
  await expect(decoding.now({ device: absent })).rejects.toMatchObject({ code: 'device-unavailable' });
  await decoding.close();
  await expect(decoding.now({ device: absent })).rejects.toMatchObject({ code: 'device-unavailable' });
  expect((await decoding.now({ device: 'cpu', threads: 1 })).predictsTokens).toBe(true);
  await learner.dispose();
});
