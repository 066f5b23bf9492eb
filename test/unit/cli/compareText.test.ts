import { expect, test } from 'vitest';
import { compareOutput } from '../../../src/cli/evaluation/compare.ts';
import type { CompareResult } from '../../../src/protocol/evaluation/folder.ts';

const rate = { value: 1, low: 0.51, high: 1, count: 4 };

test('a comparison shows what was measured, and no column of dashes', () => {
  const result: CompareResult = {
    task: 'compare',
    models: [
      { model: 'starter f32', perplexity: 258.88, bitsPerByte: 1.38, checks: [] },
      {
        model: 'starter int4',
        perplexity: 289.45,
        bitsPerByte: 1.41,
        checks: [],
        divergence: { mean: 0.02, largest: 0.03 },
      },
    ],
    wins: [{ first: 'starter f32', second: 'starter int4', measure: 'perplexity', rate, ties: 1, pValue: 0.125 }],
    notes: [],
  };
  const [headings, ...lines] = compareOutput({ result, rows: [] } as never)
    .text()
    .split('\n');
  expect(headings?.split(/ {2,}/)).toEqual([
    'perplexity',
    'bits per byte',
    'KL to f32, mean nats a token (largest)',
    'model',
  ]);
  expect(lines[1]).toMatch(/289\.45 +1\.41 +0\.0200 \(0\.0300\) {2}starter int4$/);
  expect(lines.at(-1)).toBe(
    'starter f32 better than starter int4 by perplexity: 100 % (95 % interval 51.0 % to 100 %) of 4 rows, 1 tie, p = 0.13',
  );
});
