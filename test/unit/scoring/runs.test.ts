import { expect, test } from 'vitest';
import { type Piece, packed } from '../../../src/scoring/runs.ts';

/** A whole text of so many tokens, 10, 11, … for sequence 1. */
const piece = (sequence: number, tokens: number): Piece => ({
  sequence,
  start: 0,
  end: tokens,
  scored: 1,
  ids: Array.from({ length: tokens }, (_, i) => 10 * sequence + i),
});

test('pieces stand side by side: their rows are all tokens but the last, positions begin anew, each sees itself', () => {
  const [run, ...others] = [...packed([piece(1, 3), piece(2, 2), piece(3, 4)], () => 100)];
  expect(others).toEqual([]);
  expect(run?.ids).toEqual([10, 11, 20, 30, 31, 32]);
  expect(run?.positions).toEqual([0, 1, 0, 0, 1, 2]);
  expect(run?.attended).toEqual({ kind: 'packed', starts: [0, 0, 2, 3, 3, 3] });
});

// Tokens of each piece, the most rows, and the sequences that go together.
test.each<[tokens: number[], most: number, together: number[][]]>([
  [[3, 3, 3], 4, [[0, 1], [2]]],
  [[3, 3, 3], 6, [[0, 1, 2]]],
  [[9, 2, 2], 4, [[0], [1, 2]]],
  [[2, 9, 2], 4, [[0], [1], [2]]],
  [[2, 2, 2], 1, [[0], [1], [2]]],
  [[], 4, []],
])('pieces of %j tokens in runs of at most %d rows', (tokens, most, together) => {
  const runs = [
    ...packed(
      tokens.map((count, sequence) => piece(sequence, count)),
      () => most,
    ),
  ];
  expect(runs.map(({ pieces }) => pieces.map(({ sequence }) => sequence))).toEqual(together);
});
