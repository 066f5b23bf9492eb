import { expect, test } from 'vitest';
import { pack, type PackedSizes } from '../../../../src/training/graphs/packing.ts';
import { commonSizes, filledUp } from '../../../../src/training/graphs/padding.ts';
import { apart, type Tree, together } from '../../../../src/training/graphs/trees.ts';

const HEADS = 2;

const tree = (length: number, ...read: number[]): Tree =>
  apart([{ sequence: 0, ids: Array(length).fill(7), read }])[0] as Tree;
const branching = together(
  [
    { sequence: 0, ids: [1, 2, 3, 4], read: [3] },
    { sequence: 1, ids: [1, 2, 3, 5, 6], read: [3, 4] },
  ],
  24,
);
const NOTHING: PackedSizes = { B: 0, S: 0, T: 0, N: 0, Q: 0, K: 0 };
const sizesOf = (trees: readonly Tree[]): PackedSizes => (trees.length === 0 ? NOTHING : pack(trees, HEADS).sizes);

const BATCHES: Readonly<Record<string, ReadonlyArray<readonly Tree[]>>> = {
  'of equal shape': [[tree(3, 1, 2)], [tree(3, 0, 1)]],
  'of other lengths': [
    [tree(3, 2), tree(5, 4)],
    [tree(2, 1), tree(9, 8)],
  ],
  'with fewer sequences': [[tree(4, 3), tree(4, 3), tree(4, 3)], [tree(4, 3)]],
  'of which one has branches': [branching, [tree(4, 3), tree(2, 1)]],
  'with no sequence': [[tree(4, 1, 2, 3), tree(6, 5)], []],
  'read at other numbers of places': [[tree(6, 1, 2, 3, 4, 5)], [tree(6, 5)]],
  'longer and read less': [[tree(12, 11)], [tree(4, 0, 1, 2, 3)]],
  'much shorter, read once each': [Array.from({ length: 5 }, () => tree(3, 2)), [tree(3, 2)]],
};

test.each(Object.entries(BATCHES))('micro-batches %s come to have one shape', (_, batches) => {
  const own = batches.map(sizesOf);
  const common = commonSizes(own);
  for (const [index, trees] of batches.entries()) {
    const filled = filledUp(trees, own[index] as PackedSizes, common);
    const { sizes, feeds } = pack(filled, HEADS, common);
    expect(sizes).toEqual(common);
    expect(filled.slice(0, trees.length)).toEqual(trees);
    for (const { ids, read } of filled) expect(read.length).toBeLessThanOrEqual(ids.length);
    // Each row that is read is another one: a row's gradient is put back to it, not added.
    const read = Array.from(feeds['read']?.data as BigInt64Array);
    expect(new Set(read).size).toBe(read.length);
    expect(new Set(feeds['slots']?.data as Int32Array).size).toBe(common.S * HEADS);
  }
});

test('rows are no more than what has to be there', () => {
  const own = [
    [tree(3, 2), tree(5, 4)],
    [tree(2, 1), tree(9, 8)],
  ].map(sizesOf);
  expect(commonSizes(own)).toEqual({ B: 3, S: 11, T: 9, N: 2, Q: 1, K: 10 });
});
