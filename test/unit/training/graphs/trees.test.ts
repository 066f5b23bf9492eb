import { expect, test } from 'vitest';
import type { Reading } from '../../../../src/training/graphs/reading.ts';
import { apart, together, type Tree } from '../../../../src/training/graphs/trees.ts';

const WIDTH = 24;

const reading = (ids: readonly number[], read: readonly number[], sequence = 0): Reading => ({ sequence, ids, read });

/** What each row that is read has before it, itself included: what a model would be given without sharing. */
function contexts({ ids, before, positions, read }: Tree): number[][] {
  return read.map(row => {
    const seen: number[] = [];
    for (let at = row; at !== -1; at = before[at] as number) seen.unshift(ids[at] as number);
    expect(positions[row]).toBe(seen.length - 1);
    return seen;
  });
}

test.each<[name: string, readings: Reading[], rows: number[]]>([
  ['one sequence', [reading([5, 6, 7], [1, 2])], [3]],
  ['what two begin with stands once', [reading([1, 2, 3, 4], [3]), reading([1, 2, 3, 5, 6], [3, 4])], [6]],
  ['a branch off a branch', [reading([1, 2, 3, 4], [3]), reading([1, 2, 9, 8], [3]), reading([1, 2, 9, 7], [3])], [7]],
  ['a row that is read is shared with none', [reading([1, 2, 3], [1, 2]), reading([1, 2, 3], [1, 2])], [5]],
  ['all of it is read', [reading([1, 2, 3], [0, 1, 2]), reading([1, 2, 3], [0, 1, 2])], [3, 3]],
  ['nothing alike', [reading([1, 2, 3], [2]), reading([4, 5, 6], [2])], [3, 3]],
  [
    'of no two alike that are no neighbours',
    [reading([1, 2], [1]), reading([3, 4], [1]), reading([1, 5], [1])],
    [2, 2, 2],
  ],
])('%s', (_, readings, rows) => {
  const trees = together(readings, WIDTH);
  expect(trees.map(({ ids }) => ids.length)).toEqual(rows);
  expect(trees.flatMap(contexts)).toEqual(apart(readings).flatMap(contexts));
  for (const { read } of trees) expect(new Set(read).size).toBe(read.length);
});

test('long sequences that share little stay apart: attention between them would cost more than is saved', () => {
  const ids = (ending: number): number[] => Array.from({ length: 1000 }, (_, n) => (n < 20 ? n : ending));
  const long = [reading(ids(100), [999]), reading(ids(101), [999])];
  expect(together(long, 768)).toHaveLength(2);
  const short = long.map(({ ids }) => reading(Array.from(ids).slice(0, 60), [59]));
  expect(together(short, 768).map(({ ids }) => ids.length)).toEqual([100]);
});
