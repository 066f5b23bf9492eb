import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../src/gpt2/pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** Rows that the pace names after runs of the given rows, each of which lasts so many milliseconds. */
async function after(runs: ReadonlyArray<readonly [rows: number, milliseconds: number]>): Promise<number> {
  const pace = new Pace(128);
  for (const [rows, milliseconds] of runs) {
    await pace.timed(rows, async () => void vi.advanceTimersByTime(milliseconds));
  }
  return pace.rows;
}

test.each([
  ['begins small', [], 32],
  [
    'grows while full runs are short',
    [
      [32, 100],
      [64, 100],
    ],
    128,
  ],
  [
    'never beyond its most',
    [
      [32, 1],
      [64, 1],
      [128, 1],
    ],
    128,
  ],
  ['learns nothing from a short run that was not full', [[1, 20]], 32],
  [
    'shrinks when a run was long',
    [
      [32, 100],
      [64, 900],
    ],
    32,
  ],
  [
    'keeps to one row at least',
    [
      [1, 5000],
      [1, 5000],
      [1, 5000],
    ],
    1,
  ],
  [
    'recovers from a busy moment',
    [
      [32, 5000],
      [16, 5000],
      [8, 100],
      [16, 100],
      [32, 100],
      [64, 100],
    ],
    128,
  ],
] as const)('%s', async (_, runs, rows) => {
  expect(await after(runs)).toBe(rows);
});
