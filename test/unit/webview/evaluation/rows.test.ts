import { expect, test } from 'vitest';
import type { ComparedRow, VoteLine } from '../../../../src/protocol/evaluation/folder.ts';
import { wordsOf, wordsText } from '../../../../webview-ui/evaluate/labelWords.ts';
import { asWritten } from '../../../../webview-ui/evaluation/asWritten.ts';
import { nextSort } from '../../../../webview-ui/evaluation/rows/sorting.ts';
import { isSwapped, sidesOf, voteOn } from '../../../../webview-ui/evaluation/rows/votes.ts';

test('a title sorts one way, then the other, then not at all', () => {
  const first = nextSort(null, 'score', 'descending');
  const second = nextSort(first, 'score', 'descending');
  expect([first, second, nextSort(second, 'score', 'descending')]).toEqual([
    { key: 'score', direction: 'descending' },
    { key: 'score', direction: 'ascending' },
    null,
  ]);
  expect(nextSort(second, 'row', 'ascending')).toEqual({ key: 'row', direction: 'ascending' });
});

const vote = (row: number, between: [string, string], better: string | null): VoteLine => ({
  row,
  between,
  better,
  worse: null,
  at: '',
});

test('a vote is found by its row and its two models, whichever stood first', () => {
  const votes = [
    vote(0, ['a', 'b'], 'a'),
    vote(1, ['b', 'a'], 'b'),
    vote(2, ['a', 'b'], null),
    vote(3, ['a', 'c'], 'a'),
  ];
  expect(voteOn(votes, 1, ['a', 'b'])?.better).toBe('b');
  expect(voteOn(votes, 1, ['a', 'c'])).toBeUndefined();
});

test('whose response stands first is about as often the one’s as the other’s, and always the same for a row', () => {
  const swapped = Array.from({ length: 1000 }, (_, row) => isSwapped(row));
  const often = swapped.filter(Boolean).length;
  expect(often).toBeGreaterThan(430);
  expect(often).toBeLessThan(570);
  // Not every other one: a row does not tell what the next will be.
  expect(swapped.filter((one, i) => one === swapped[i + 1]).length).toBeGreaterThan(400);
  expect(isSwapped(7)).toBe(isSwapped(7));
});

test('the sides of a ballot have the chosen models’ responses, exchanged where the row says so', () => {
  const row = (number: number): ComparedRow => ({
    row: number,
    prompt: '',
    models: ['a', 'b', 'c'].map(model => ({
      model,
      response: `of ${model}`,
      perplexity: null,
      negativeLogLikelihood: 0,
      scoredTokens: 0,
      bitsPerByte: null,
      checks: [],
    })),
  });
  for (const number of [0, 1, 2, 3, 4, 5]) {
    const models = sidesOf(row(number), [0, 2]).map(({ model }) => model);
    expect(models).toEqual(isSwapped(number) ? ['c', 'a'] : ['a', 'c']);
  }
});

test.each([
  [' positive', ' positive'],
  [' good| great', [' good', ' great']],
  ['', ''],
])('the words %j are read as %j, every space kept', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
  expect(wordsText(words)).toBe(text);
});

test('a request is told field by field, without what says nothing', () => {
  const request = {
    task: 'prompt',
    models: ['a', 'b'],
    dataset: { file: 'x.tsv', steps: [] },
    part: null,
    prompt: { prompt: '{{ text }}', labelWords: { 0: ' bad', 1: [' good', ' great'] } },
  } as const;
  expect(asWritten(request)).toEqual([
    ['task', 'prompt'],
    ['models', 'a, b'],
    ['dataset.file', 'x.tsv'],
    ['prompt.prompt', '{{ text }}'],
    ['prompt.labelWords.0', ' bad'],
    ['prompt.labelWords.1', ' good,  great'],
  ]);
});
