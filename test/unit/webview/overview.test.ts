import { expect, test } from 'vitest';
import type { PanelState, TokenProbabilitiesSnapshot } from '../../../src/protocol/panels/tokenProbabilities.ts';
import { announcement } from '../../../webview-ui/tokenProbabilities/announcement.ts';
import { figures, whyUnscored } from '../../../webview-ui/tokenProbabilities/figures.ts';
import { stepRange, toggledStep } from '../../../webview-ui/shared/steps.ts';
import { scaleLabels, scaleTop, stripColumns, tokenAt } from '../../../webview-ui/tokenProbabilities/stripColumns.ts';
import { panelText, scoredText } from './scoredTexts.ts';

test('every figure says its unit and what it means', () => {
  // Two bits, then six: four on average, and 2 to the 4 is 16. Four bytes in all.
  const scored = scoredText([
    ['ab', 2],
    ['cd', 6],
  ]);
  const told = figures(scored).map(({ value, unit }) => `${value} ${unit}`.trim());
  expect(told).toEqual(['16.0', '4.0 bits/token', '2.00 bits/byte', '2 tokens scored']);
  const perplexity = figures({ ...scored, perplexity: 278.88 })[0];
  expect(perplexity?.meaning).toBe('Perplexity 278.9: as unsure as choosing among 279 equally likely tokens.');
});

test('what has no score says why', () => {
  expect(whyUnscored(scoredText([]))).toMatch(/no text/);
  expect(whyUnscored(scoredText([['Hello', null]]))).toMatch(/two words/);
  expect(whyUnscored(scoredText([['Hello', 3]]))).toBeNull();
});

test.each([
  ['hidden', [], 5, false, [5]],
  ['shown again', [2, 5], 5, false, [2]],
  ['singled out', [], 5, true, [0, 1, 2, 3, 4]],
  ['singled out though hidden', [5], 5, true, [0, 1, 2, 3, 4]],
  ['the last one in sight: all come back', [0, 1, 2, 3, 4], 5, false, []],
])('a step is %s', (_, hidden, step, alone, result) => expect(toggledStep(hidden, step, alone)).toEqual(result));

test('steps are named by their range', () =>
  expect([0, 1, 4, 5].map(stepRange)).toEqual(['Under 1 bit', '1 to 3 bits', '9 to 12 bits', '12 bits and more']));

test('the strip has a column for a token while there is room, then means and peaks', () => {
  expect(stripColumns([null, 4], 100)).toEqual([
    { from: 0, to: 1, mean: null, peak: null },
    { from: 1, to: 2, mean: 4, peak: 4 },
  ]);
  expect(stripColumns([1, 3, null, 8], 2)).toEqual([
    { from: 0, to: 2, mean: 2, peak: 3 },
    { from: 2, to: 4, mean: 8, peak: 8 },
  ]);
  expect(stripColumns([], 100)).toEqual([]);
});

test('the scale reaches 12 bits, and beyond as the values do', () => {
  expect([[], [3], [12.1], [30]].map(scaleTop)).toEqual([12, 12, 15, 30]);
  expect(scaleLabels([13])).toEqual([
    { bits: 6, share: 0.4 },
    { bits: 12, share: 0.8 },
  ]);
});

test('a place on the strip is a token', () =>
  expect([-0.1, 0, 0.5, 0.999, 1].map(share => tokenAt(share, 10))).toEqual([0, 0, 5, 9, 9]));

const snapshot = (
  state: PanelState,
  changes: Partial<TokenProbabilitiesSnapshot> = {},
): TokenProbabilitiesSnapshot => ({
  state,
  models: [],
  model: 'starter',
  comparedModel: null,
  comparedDevice: null,
  device: 'cpu',
  stale: false,
  document: null,
  texts: [panelText([['a', 1]]), panelText([['b', 3]])],
  selected: 0,
  offersGpt2: false,
  ...changes,
});
const ready = snapshot({ kind: 'ready' });
const loading = snapshot({ kind: 'loading', progress: { message: 'Scoring', done: 0, unit: 'tokens' } });

test.each([
  ['work begins', ready, loading, 'Scoring.'],
  ['work goes on', loading, loading, null],
  ['work ends', loading, ready, 'Scored 2 texts. Perplexity 2.00, 1 token.'],
  ['another text', ready, snapshot({ kind: 'ready' }, { selected: 1 }), 'Perplexity 8.00, 1 token.'],
  ['an edit', ready, snapshot({ kind: 'ready' }, { stale: true }), 'The text has changed since it was scored.'],
  ['nothing new', ready, ready, null],
])('%s: the screen reader hears %s', (_, before, now, words) =>
  expect(announcement(before, now)?.replaceAll('\u00a0', ' ') ?? null).toBe(words),
);
