import { expect, test } from 'vitest';
import { blockOf, textBlocks } from '../../../webview-ui/tokenProbabilities/blocks.ts';
import { rankHistogram } from '../../../webview-ui/tokenProbabilities/rankHistogram.ts';
import { rowsOf } from '../../../webview-ui/tokenProbabilities/rows.ts';
import { withKnownScores } from '../../../webview-ui/tokenProbabilities/sameScores.ts';
import { stretches } from '../../../webview-ui/shared/whitespace.ts';
import { panelText, rowsFor } from './scoredTexts.ts';

test('a row has its step of the heat and its whitespace visible', () => {
  const rows = rowsFor([
    ['The', null],
    [' movie', 8.9],
    ['\n\t', 0.4],
  ]);
  expect(rows.map(({ label, step }) => [label, step])).toEqual([
    ['The', 0],
    ['·movie', 3],
    ['⏎⇥', 0],
  ]);
});

test('tokens that share a character show it once and are numbered', () => {
  // 世 is three bytes and here three tokens, which all bear its range.
  const rows = rowsFor([
    { text: 'a', start: 0, end: 1 },
    { text: '世', start: 1, end: 2 },
    { text: '', start: 1, end: 2 },
    { text: '', start: 1, end: 2 },
    { text: 'b', start: 2, end: 3 },
  ]);
  expect(rows.map(({ shown }) => shown)).toEqual(['a', '世', '', '', 'b']);
  expect(rows.map(({ label }) => label)).toEqual(['a', '世⟨1/3⟩', '世⟨2/3⟩', '世⟨3/3⟩', 'b']);
});

test('the second model is set beside the tokens that it cuts alike', () => {
  const rows = rowsFor(
    [
      ['un', 2],
      ['like', 5],
      [' it', 1],
    ],
    [
      ['unlike', 3],
      [' it', 1.5],
    ],
  );
  expect(rows.map(({ extraBits }) => extraBits)).toEqual([null, null, 0.5]);
});

test('rows are made once for the same scores, and anew for another comparison', () => {
  const text = panelText([['a', 1]]);
  expect(rowsOf({ ...text, offset: 5 })).toBe(rowsOf(text));
  expect(rowsOf({ ...text, compared: text.scored })).not.toBe(rowsOf(text));
});

test('equal scores that come again are those that are known', () => {
  const pieces = [['a', 1] as const, ['b', 2] as const];
  const known = [panelText(pieces), panelText(pieces)];
  const moved = [
    { ...panelText(pieces), offset: 7 },
    panelText([
      ['a', 1],
      ['b', 3],
    ]),
  ];
  const merged = withKnownScores(known, moved);
  expect(merged[0]?.scored).toBe(known[0]?.scored);
  expect(merged[0]?.offset).toBe(7);
  expect(merged[1]?.scored).toBe(moved[1]?.scored);
});

test('ranks are counted by powers of ten', () => {
  const ranks = [1, 1, 2, 10, 11, 100, 101, 1000, 1001, 50000];
  const rows = rowsFor([{ text: 'x', rank: null }, ...ranks.map(rank => ({ text: 'x', rank }))]);
  expect(rankHistogram(rows).map(({ name, tokens }) => [name, tokens])).toEqual([
    ['top 1', 2],
    ['2–10', 2],
    ['11–100', 2],
    ['101–1,000', 2],
    ['beyond', 2],
  ]);
  expect(rankHistogram(rows).map(({ share }) => share)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
  expect(rankHistogram([]).every(({ share }) => share === 0)).toBe(true);
});

const words = (count: number, word: string): Array<readonly [string, number]> =>
  Array.from({ length: count }, () => [word, 1] as const);

test('blocks end with a line once they are long enough, and cover every row', () => {
  const rows = rowsFor([...words(40, ' a'), ['\n', 1], ...words(80, ' b'), ['\n', 1], ...words(3, ' c')]);
  const blocks = textBlocks(rows);
  expect(blocks).toEqual([
    { from: 0, to: 122, characters: 242, lines: 2 },
    { from: 122, to: 125, characters: 6, lines: 1 },
  ]);
  expect([0, 121, 122, 124].map(row => blockOf(blocks, row))).toEqual([0, 0, 1, 1]);
});

test('a text without line breaks is cut before a word', () => {
  const blocks = textBlocks(rowsFor([...words(3001, 'a'), ...words(2, ' b')]));
  expect(blocks.map(({ from, to }) => [from, to])).toEqual([
    [0, 3001],
    [3001, 3003],
  ]);
});

test.each([
  ['word', 'word'],
  [' word', ' word'],
  ['a  b', 'a[·][·]b'],
  ['end ', 'end[·]'],
  ['a\n', 'a[⏎]'],
  ['\t\u00a0', '[⇥][⍽]'],
  ['\u0000x\u200d', '[⟨00⟩]x[⟨200D⟩]'],
])('of %j is marked: %s', (text, marked) => {
  expect(
    stretches(text)
      .map(({ text, mark }) => (mark ? `[${mark}]` : text))
      .join(''),
  ).toBe(marked);
  expect(
    stretches(text)
      .map(({ text }) => text)
      .join(''),
  ).toBe(text);
});
