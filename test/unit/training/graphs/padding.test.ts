import { expect, test } from 'vitest';
import { pack, type PackedSizes, type Reading } from '../../../../src/training/graphs/packing.ts';
import { commonSizes, filledUp } from '../../../../src/training/graphs/padding.ts';

const HEADS = 2;

const reading = (length: number, ...read: number[]): Reading => ({ sequence: 0, ids: Array(length).fill(7), read });
const NOTHING: PackedSizes = { B: 0, S: 0, T: 0, N: 0, Q: 0, K: 0 };
const sizesOf = (readings: readonly Reading[]): PackedSizes =>
  readings.length === 0 ? NOTHING : pack(readings, HEADS).sizes;

const BATCHES: Readonly<Record<string, ReadonlyArray<readonly Reading[]>>> = {
  'of equal shape': [[reading(3, 1, 2)], [reading(3, 0, 1)]],
  'of other lengths': [
    [reading(3, 2), reading(5, 4)],
    [reading(2, 1), reading(9, 8)],
  ],
  'with fewer sequences': [[reading(4, 3), reading(4, 3), reading(4, 3)], [reading(4, 3)]],
  'with no sequence': [[reading(4, 1, 2, 3), reading(6, 5)], []],
  'read at other numbers of places': [[reading(6, 1, 2, 3, 4, 5)], [reading(6, 5)]],
  'longer and read less': [[reading(12, 11)], [reading(4, 0, 1, 2, 3)]],
  'much shorter, read once each': [Array.from({ length: 5 }, () => reading(3, 2)), [reading(3, 2)]],
};

test.each(Object.entries(BATCHES))('micro-batches %s come to have one shape', (_, batches) => {
  const own = batches.map(sizesOf);
  const common = commonSizes(own);
  for (const [index, readings] of batches.entries()) {
    const filled = filledUp(readings, own[index] as PackedSizes, common);
    const { sizes, feeds } = pack(filled, HEADS, common);
    expect(sizes).toEqual(common);
    expect(filled.slice(0, readings.length)).toEqual(readings);
    for (const { ids, read } of filled) expect(read.length).toBeLessThanOrEqual(ids.length);
    // Each row that is read is another one: a row's gradient is put back to it, not added.
    const read = Array.from(feeds['read']?.data as BigInt64Array);
    expect(new Set(read).size).toBe(read.length);
    expect(new Set(feeds['slots']?.data as Int32Array).size).toBe(common.S * HEADS);
  }
});

test('rows are no more than what has to be there', () => {
  const own = [
    [reading(3, 2), reading(5, 4)],
    [reading(2, 1), reading(9, 8)],
  ].map(sizesOf);
  expect(commonSizes(own)).toEqual({ B: 3, S: 11, T: 9, N: 2, Q: 1, K: 10 });
});
