import { expect, test } from 'vitest';
import { windowsOver } from '../../../src/scoring/windows.ts';

type Triple = readonly [start: number, end: number, scored: number];

// By hand, as contracts.md has it: windows start at 0, n/2, n, …, and each token is scored in the first that holds it.
test.each<[context: number, tokens: number, windows: readonly Triple[]]>([
  [4, 0, []],
  [4, 1, []],
  [4, 2, [[0, 2, 1]]],
  [4, 3, [[0, 3, 1]]],
  [4, 4, [[0, 4, 1]]],
  [
    4,
    5,
    [
      [0, 4, 1],
      [2, 5, 4],
    ],
  ],
  [
    4,
    6,
    [
      [0, 4, 1],
      [2, 6, 4],
    ],
  ],
  [
    4,
    7,
    [
      [0, 4, 1],
      [2, 6, 4],
      [4, 7, 6],
    ],
  ],
  [
    4,
    8,
    [
      [0, 4, 1],
      [2, 6, 4],
      [4, 8, 6],
    ],
  ],
  [
    4,
    9,
    [
      [0, 4, 1],
      [2, 6, 4],
      [4, 8, 6],
      [6, 9, 8],
    ],
  ],
  [5, 5, [[0, 5, 1]]],
  [
    5,
    8,
    [
      [0, 5, 1],
      [2, 7, 5],
      [4, 8, 7],
    ],
  ],
  [
    3,
    5,
    [
      [0, 3, 1],
      [1, 4, 3],
      [2, 5, 4],
    ],
  ],
  [
    2,
    4,
    [
      [0, 2, 1],
      [1, 3, 2],
      [2, 4, 3],
    ],
  ],
  [
    1024,
    1025,
    [
      [0, 1024, 1],
      [512, 1025, 1024],
    ],
  ],
])('a context of %d over %d tokens', (context, tokens, windows) => {
  expect(windowsOver(tokens, context)).toEqual(windows.map(([start, end, scored]) => ({ start, end, scored })));
});
