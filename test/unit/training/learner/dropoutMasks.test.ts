import { expect, test } from 'vitest';
import { keptMask } from '../../../../src/training/graphs/dropoutMasks.ts';

const COUNT = 200_000;
const key = { seed: 7, step: 3, microBatch: 1 };
const share = (mask: Uint8Array): number => mask.reduce((sum, kept) => sum + kept, 0) / mask.length;

/** Five standard deviations of a share of COUNT independent decisions. */
const spread = (probability: number): number => 5 * Math.sqrt((probability * (1 - probability)) / COUNT);

test.each([0.1, 0.5, 0.9])('a rate of %d drops that share, anew at each place, step and micro-batch', rate => {
  const masks = [
    keptMask(key, 0, COUNT, rate),
    keptMask(key, 1, COUNT, rate),
    keptMask({ ...key, step: 4 }, 0, COUNT, rate),
    keptMask({ ...key, microBatch: 0 }, 0, COUNT, rate),
    keptMask({ ...key, seed: 8 }, 0, COUNT, rate),
  ];
  const [first, ...others] = masks as [Uint8Array, ...Uint8Array[]];
  for (const mask of masks) expect(Math.abs(share(mask) - (1 - rate))).toBeLessThan(spread(rate));
  const bothKept = (1 - rate) ** 2;
  for (const other of others) {
    const both = share(first.map((kept, i) => kept & (other[i] as number)));
    expect(Math.abs(both - bothKept)).toBeLessThan(spread(bothKept));
  }
});

test.each([1, 2, 767, 768])('neighbours %d apart are dropped independently', lag => {
  const mask = keptMask(key, 0, COUNT, 0.5);
  const both = share(mask.map((kept, i) => kept & (mask[(i + lag) % COUNT] as number)));
  expect(Math.abs(both - 0.25)).toBeLessThan(spread(0.25));
});

test('the same numbers give the same mask, whatever its length', () => {
  expect(keptMask(key, 2, 101, 0.3)).toEqual(keptMask(key, 2, 202, 0.3).subarray(0, 101));
});
