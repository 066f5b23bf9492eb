import { expect, test } from 'vitest';
import { KeyValueCache } from '../../../src/gpt2/cache.ts';
import { gpt2Config } from '../../../src/gpt2/config.ts';

const config = gpt2Config({ n_layer: 1, n_embd: 2, n_head: 1, n_positions: 8 }, '');

/** Rows [from, -from], [from + 1, …] as keys, and ten times them as values. */
function rowsOf(from: number, count: number): Record<string, Float32Array> {
  const keys = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? -1 : 1) * (from + Math.floor(i / 2)));
  return { 'keys.0': keys, 'values.0': keys.map(value => 10 * value) };
}

const lent = (cache: KeyValueCache, name: string) => {
  const { data, shape } = cache.feeds()[name] ?? { data: [], shape: [] };
  return { rows: Array.from(data, Number).filter((_, i) => i % 2 === 0), shape };
};

test('an empty cache lends one row of zeros', () => {
  const cache = new KeyValueCache(config);
  expect([cache.length, cache.lentRows]).toEqual([0, 1]);
  expect(Object.keys(cache.feeds())).toEqual(['pastKeys.0', 'pastValues.0']);
  expect(lent(cache, 'pastKeys.0')).toEqual({ rows: [0], shape: [1, 1, 2] });
});

test('grows over its capacity and keeps what it has, and lends no more than that', () => {
  const cache = new KeyValueCache(config);
  cache.append(rowsOf(1, 3), 3);
  cache.append(rowsOf(4, 1), 1);
  cache.append(rowsOf(5, 4), 4);
  expect([cache.length, cache.lentRows]).toEqual([8, 8]);
  expect(lent(cache, 'pastKeys.0')).toEqual({ rows: [1, 2, 3, 4, 5, 6, 7, 8], shape: [8, 1, 2] });
  expect(lent(cache, 'pastValues.0').rows).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
});

test('takes more rows than the model has positions, as a packed run has', () => {
  const cache = new KeyValueCache(config);
  cache.append(rowsOf(1, 20), 20);
  expect(lent(cache, 'pastKeys.0').rows).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test('truncate forgets the end, and the next rows stand there', () => {
  const cache = new KeyValueCache(config);
  cache.append(rowsOf(1, 5), 5);
  cache.truncate(2);
  expect(lent(cache, 'pastKeys.0')).toEqual({ rows: [1, 2], shape: [2, 1, 2] });
  cache.append(rowsOf(7, 2), 2);
  expect(lent(cache, 'pastValues.0').rows).toEqual([10, 20, 70, 80]);
  cache.truncate(9);
  expect(cache.length).toBe(4);
  cache.truncate(0);
  expect([cache.length, cache.lentRows]).toEqual([0, 1]);
});

test('keep forgets the rows between, and the next rows stand behind', () => {
  const cache = new KeyValueCache(config);
  cache.append(rowsOf(1, 6), 6);
  cache.keep([0, 2, 5]);
  expect(lent(cache, 'pastKeys.0')).toEqual({ rows: [1, 3, 6], shape: [3, 1, 2] });
  cache.append(rowsOf(9, 1), 1);
  expect(lent(cache, 'pastValues.0').rows).toEqual([10, 30, 60, 90]);
});
