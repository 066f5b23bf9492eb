import { expect, test } from 'vitest';
import type { ClassificationResult, EvaluationResult } from '../../../../src/protocol/evaluation/folder.ts';
import type { Points } from '../../../../src/protocol/panels/evaluation.ts';
import { figurePairs, figuresOf } from '../../../../webview-ui/evaluation/figures/figureList.ts';
import {
  moved,
  nearestPoint,
  pixelsOf,
  wholeFrame,
  zoomed,
} from '../../../../webview-ui/evaluation/figures/scatterView.ts';

const result = (accuracy: number, labels: readonly string[]): EvaluationResult & ClassificationResult => ({
  task: 'prompt',
  wallSeconds: 1,
  rows: 100,
  leftOut: 0,
  accuracy: { value: accuracy, low: accuracy - 0.05, high: accuracy + 0.05, count: 100 },
  confusion: { labels, counts: [] },
  classes: labels.map(label => ({ label, precision: null, recall: null, f1: null, support: 0 })),
  calibration: [],
  expectedCalibrationError: 0.1,
  cutRows: 0,
});

test('figures of two evaluations stand beside each other, those of one alone beside nothing', () => {
  const pairs = figurePairs(figuresOf(result(0.7, ['a'])), figuresOf(result(0.62, ['a', 'b'])));
  expect(pairs.map(({ name, first, second, difference }) => [name, first, second, difference])).toEqual([
    ['accuracy', '70.0\u00a0%', '62.0\u00a0%', '+8.00\u00a0%'],
    ['F1 of a', '–', '–', ''],
    ['calibration error', '10.0\u00a0%', '10.0\u00a0%', '0'],
    ['F1 of b', '–', '–', ''],
  ]);
});

test.each([
  ['less error is better', 0.7, 0.7, 0.05, 0.1, 'calibration error', 'first'],
  ['more accuracy is better', 0.5, 0.7, 0.1, 0.1, 'accuracy', 'second'],
  ['equal figures are neither', 0.7, 0.7, 0.1, 0.1, 'accuracy', null],
] as const)('%s', (_, a, b, errorA, errorB, name, better) => {
  const [first, second] = [
    { ...result(a, []), expectedCalibrationError: errorA },
    { ...result(b, []), expectedCalibrationError: errorB },
  ];
  expect(figurePairs(figuresOf(first), figuresOf(second)).find(pair => pair.name === name)?.better).toBe(better);
});

test.each([
  [0.7, 0.62, true],
  [0.9, 0.62, false],
])('intervals of %f and %f overlap: %s', (a, b, overlap) => {
  expect(figurePairs(figuresOf(result(a, [])), figuresOf(result(b, [])))[0]?.overlap).toBe(overlap);
});

const points: Points = {
  groups: ['a', 'b'],
  xs: [0, 10, 10],
  ys: [0, 0, 10],
  of: [0, 1, 0],
  lines: [0, 1, 2],
  texts: ['', '', ''],
  total: 3,
};
const SIZE = { width: 110, height: 110 };

test('all points are in the frame, the higher ones further up', () => {
  const frame = wholeFrame(points);
  const [left, right, above] = points.xs.map((x, i) => pixelsOf(frame, SIZE, x, points.ys[i] ?? 0));
  expect([left, right, above]).toEqual([
    [5, 105],
    [105, 105],
    [105, 5],
  ]);
});

test('the nearest point, of those that are shown and near', () => {
  const frame = wholeFrame(points);
  expect(nearestPoint(points, frame, SIZE, [100, 100], 20, [])).toBe(1);
  expect(nearestPoint(points, frame, SIZE, [100, 100], 20, [1])).toBeNull();
  expect(nearestPoint(points, frame, SIZE, [55, 55], 20, [])).toBeNull();
});

test('what is under the mouse stays there when it zooms; a drag takes the points along', () => {
  const frame = wholeFrame(points);
  const near = zoomed(frame, 0.5, 105 / 110, 5 / 110);
  const [x, y] = pixelsOf(near, SIZE, 10, 10);
  expect([x, y].map(Math.round)).toEqual([105, 5]);
  const [right, down] = pixelsOf(moved(frame, 0.1, 0.2), SIZE, 0, 0);
  expect([right, down].map(Math.round)).toEqual([16, 127]);
});
