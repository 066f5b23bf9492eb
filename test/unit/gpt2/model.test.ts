import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rm } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { KeyValueCache } from '../../../src/gpt2/cache.ts';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../src/gpt2/model.ts';
import { writeSmallModel } from './smallModel.ts';

const home = mkdtempSync(join(tmpdir(), 'lm-lab-gpt2-'));
const VOCABULARY = 12;
let model: Gpt2;
let twins: Gpt2;

beforeAll(async () => {
  await writeSmallModel(join(home, 'plain'));
  // Rows 2, 5 and 9 of the embedding are one and the same, so that their logits are equal.
  await writeSmallModel(join(home, 'twins'), {
    change: all => {
      const { data, ...wte } = all.get('wte.weight')!;
      const rows = Float32Array.from(data as Float32Array);
      for (const row of [5, 9]) rows.copyWithin(row * 8, 2 * 8, 3 * 8);
      all.set('wte.weight', { ...wte, data: rows });
    },
  });
  model = await loadGpt2(join(home, 'plain'), { device: 'cpu', threads: 1 });
  twins = await loadGpt2(join(home, 'twins'), { device: 'cpu', threads: 1 });
});
afterAll(async () => {
  await Promise.all([model.dispose(), twins.dispose()]);
  await rm(home, { recursive: true });
});

const TEXT = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]; // 16 tokens: all positions

async function evaluated(ids: readonly number[], chunk: number): Promise<number[]> {
  const cache = new KeyValueCache(model.config);
  const hidden: number[] = [];
  for (let at = 0; at < ids.length; at += chunk) {
    const part = ids.slice(at, at + chunk);
    const positions = part.map((_, index) => at + index);
    hidden.push(...(await model.hiddenStates({ ids: part, positions, attended: { kind: 'causal' } }, cache)));
  }
  expect(cache.length).toBe(ids.length);
  return hidden;
}

const largestDifference = (a: readonly number[], b: readonly number[]): number => {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] as number))));
};

test.each([1, 2, 3, 5, 7, 15])('evaluated %d tokens at a time, a text has the same hidden states', async chunk => {
  expect(largestDifference(await evaluated(TEXT, chunk), await evaluated(TEXT, TEXT.length))).toBeLessThan(1e-5);
});

test('what follows changes nothing before it, and what stands before does', async () => {
  const [whole, changed] = [await evaluated(TEXT, 16), await evaluated([...TEXT.slice(0, 7), 0, ...TEXT.slice(8)], 16)];
  const width = model.config.width;
  expect(largestDifference(whole.slice(0, 7 * width), changed.slice(0, 7 * width))).toBeLessThan(1e-6);
  expect(largestDifference(whole.slice(15 * width), changed.slice(15 * width))).toBeGreaterThan(1e-3);
});

test.each([[[15]], [[0, 7]], [[3, 4, 5, 14]], [[]]])(
  'of the rows that are read, %o, it says what it says of them among all',
  async read => {
    const width = model.config.width;
    const whole = await evaluated(TEXT, TEXT.length);
    const rows = { ids: TEXT, positions: [...TEXT.keys()], attended: { kind: 'causal' }, read } as const;
    const caches = [new KeyValueCache(model.config), new KeyValueCache(model.config)] as const;
    const hidden = [...(await model.hiddenStates(rows, caches[0]))];
    const expected = read.flatMap(row => whole.slice(row * width, (row + 1) * width));
    expect(hidden).toHaveLength(expected.length);
    if (read.length > 0) expect(largestDifference(hidden, expected)).toBeLessThan(1e-5);
    // What follows sees the rows that nobody read.
    const next = { ids: [4], positions: [16 - 1], attended: { kind: 'causal' } } as const;
    await model.hiddenStates({ ...rows, read: [...TEXT.keys()] }, caches[1]);
    const [after, afterAll] = [await model.hiddenStates(next, caches[0]), await model.hiddenStates(next, caches[1])];
    expect(largestDifference([...after], [...afterAll])).toBeLessThan(1e-5);
  },
);

test('texts packed side by side are as if each were alone', async () => {
  const texts = [[3], [1, 4, 1], TEXT, [5, 9]];
  const cache = new KeyValueCache(model.config);
  const starts = texts.flatMap((text, index) => text.map(() => texts.slice(0, index).flat().length));
  const hidden = await model.hiddenStates(
    {
      ids: texts.flat(),
      positions: texts.flatMap(text => text.map((_, position) => position)),
      attended: { kind: 'packed', starts },
    },
    cache,
  );
  const alone: number[] = [];
  for (const text of texts) alone.push(...(await evaluated(text, text.length)));
  expect(largestDifference([...hidden], alone)).toBeLessThan(1e-5);
});

test('rows that see chosen cache rows continue texts that share a cache, as if each were alone', async () => {
  const cache = new KeyValueCache(model.config);
  const [shared, left, right] = [
    [3, 1, 4],
    [1, 5],
    [9, 2],
  ] as const;
  await model.hiddenStates({ ids: shared, positions: [0, 1, 2], attended: { kind: 'causal' } }, cache);
  const step = (ids: readonly number[], position: number, cacheRows: number[][]) =>
    model.hiddenStates({ ids, positions: [position, position], attended: { kind: 'chosen', cacheRows } }, cache);
  await step([left[0], right[0]], 3, [
    [0, 1, 2],
    [0, 1, 2],
  ]);
  const last = await step([left[1], right[1]], 4, [
    [0, 1, 2, 3],
    [0, 1, 2, 4],
  ]);
  const alone = [await evaluated([...shared, ...left], 5), await evaluated([...shared, ...right], 5)];
  expect(
    largestDifference(
      [...last],
      alone.flatMap(hidden => hidden.slice(4 * model.config.width)),
    ),
  ).toBeLessThan(1e-5);
});

test('a truncated cache goes on as if nothing had followed', async () => {
  const cache = new KeyValueCache(model.config);
  const read = (ids: readonly number[], first: number) =>
    model.hiddenStates({ ids, positions: ids.map((_, i) => first + i), attended: { kind: 'causal' } }, cache);
  await read(TEXT, 0);
  cache.truncate(4);
  const again = await read([0, 0], 4);
  const fresh = await evaluated([...TEXT.slice(0, 4), 0, 0], 6);
  expect(largestDifference([...again], fresh.slice(4 * model.config.width))).toBeLessThan(1e-5);
});

describe('statistics', () => {
  const hiddenOf = async (gpt2: Gpt2): Promise<Float32Array> => {
    const rows = { ids: [3], positions: [0], attended: { kind: 'causal' } } as const;
    return gpt2.hiddenStates(rows, new KeyValueCache(gpt2.config));
  };
  const everyRank = async (gpt2: Gpt2) => {
    const hidden = await hiddenOf(gpt2);
    const targets = Array.from({ length: VOCABULARY }, (_, id) => id);
    const rows = Float32Array.from(targets.flatMap(() => [...hidden]));
    return gpt2.statistics(rows, targets, VOCABULARY);
  };

  test('ranks are a permutation, and the top list stands in their order', async () => {
    const { ranks, topIds, logProbabilities, topProbabilities } = await everyRank(model);
    expect([...ranks].sort((a, b) => a - b)).toEqual(Array.from({ length: VOCABULARY }, (_, i) => i + 1));
    for (let place = 0; place < VOCABULARY; place++) {
      const id = topIds[place] as number;
      expect(ranks[id]).toBe(place + 1);
      expect(Math.exp(logProbabilities[id] as number)).toBeCloseTo(topProbabilities[place] as number, 6);
    }
  });

  test('probabilities add up to 1, and the entropy is their expected surprisal', async () => {
    const { logProbabilities, entropies } = await everyRank(model);
    const sum = logProbabilities.reduce((total, log) => total + Math.exp(log), 0);
    const entropy = logProbabilities.reduce((total, log) => total - Math.exp(log) * log, 0);
    expect(sum).toBeCloseTo(1, 6);
    for (const value of entropies) expect(value).toBeCloseTo(entropy, 5);
  });

  test('equal logits go to the lower id', async () => {
    const { ranks, topIds, logProbabilities } = await everyRank(twins);
    expect(new Set([2, 5, 9].map(id => logProbabilities[id])).size).toBe(1);
    const first = ranks[2] as number;
    expect([ranks[5], ranks[9]]).toEqual([first + 1, first + 2]);
    expect([...topIds].slice(first - 1, first + 2)).toEqual([2, 5, 9]);
  });
});
