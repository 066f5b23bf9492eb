import { expect, test } from 'vitest';
import { batchCells, batchCounts } from '../../../../webview-ui/dataset/batchCells.ts';
import { lengthPicture } from '../../../../webview-ui/dataset/lengthBars.ts';

const statistics = { mean: 9, median: 8, p95: 30, p99: 34, max: 39, beyond: 4 };

test('bars beyond the cut are told apart, and the cut stands where it is', () => {
  const histogram = { width: 10, counts: [1000, 20, 0, 1] };
  const { bars, cut, end } = lengthPicture({ ...statistics, histogram, maxLength: 20 });
  expect(bars.map(({ beyond }) => beyond)).toEqual([false, false, false, true]);
  expect([cut, end]).toEqual([0.5, 40]);
  expect(bars.map(({ height }) => height)).toEqual([1, 0.02, 0, 0.02]);
  expect(lengthPicture({ ...statistics, histogram, maxLength: 1024 }).cut).toBeNull();
});

const cell = (id: number, text: string, target: number, padded = false) => ({ id, text, target, padded });
const row = [cell(5, 'Say', -100), cell(6, ' it', 7), cell(7, ' so', 50256), cell(50256, '', -100, true)];

test('a position predicts the token after it; what is ignored and padded predicts none', () => {
  expect(batchCells(row).map(({ state, target }) => [state, target])).toEqual([
    ['ignored', null],
    ['scored', { id: 7, text: ' so' }],
    ['scored', { id: 50256, text: '' }],
    ['padded', null],
  ]);
});

test('positions are counted by what becomes of them', () => {
  const batch = { step: 1, microBatch: 1, rows: [0, 1], shape: [2, 4] as const, cells: [row, row], batches: 1 };
  expect(batchCounts(batch)).toEqual({ scored: 4, ignored: 2, padded: 2 });
});
