import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Token } from '../../../src/protocol/engine.ts';
import { contextOf } from '../../../src/scoring/context.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';

/** A token for every character. */
const characters = (text: string): Token[] =>
  Array.from(text, (character, index) => ({
    id: index,
    text: character,
    raw: character,
    start: index,
    end: index + 1,
  }));

/** Words with the space before them, as GPT-2 cuts them. */
const words = (text: string): Token[] =>
  [...text.matchAll(/ ?\S+| +/g)].map(({ 0: word, index }, id) => ({
    id,
    text: word,
    raw: word,
    start: index,
    end: index + word.length,
  }));

const texts = (tokens: readonly Token[]): string[] => tokens.map(({ text }) => text);

const LINE = 'The movie was';

test.each([
  ['in the middle of a word', LINE, 6, ['The'], 3, ' movie', [' movie', ' was']],
  ['on the space before a word', LINE, 3, ['The'], 3, ' movie', [' movie', ' was']],
  ['before the last letter of a word', LINE, 8, ['The'], 3, ' movie', [' movie', ' was']],
  ['at the end of a word', LINE, 9, ['The', ' movie'], 9, ' was', [' was']],
  ['at the start', LINE, 0, [], 0, 'The', ['The', ' movie', ' was']],
  ['at the end', LINE, 13, ['The', ' movie', ' was'], 13, null, []],
  ['beyond the end', LINE, 99, ['The', ' movie', ' was'], 13, null, []],
  ['at the end, behind a space', `${LINE} `, 14, ['The', ' movie', ' was'], 13, null, []],
  ['before that space', `${LINE} `, 13, ['The', ' movie', ' was'], 13, null, []],
  ['at the end, behind two spaces', `${LINE}  `, 15, ['The', ' movie', ' was', ' '], 14, null, []],
  ['inside, where the text ends with a space', `${LINE} `, 5, ['The'], 3, ' movie', [' movie', ' was']],
  ['a space alone', ' ', 1, [], 0, null, []],
  ['an empty text', '', 0, [], 0, null, []],
] as const)('%s', (_, text, offset, before, position, actual, following) => {
  const context = contextOf({ text, offset }, words, 100);
  expect(texts(context.tokens)).toEqual(before);
  expect(context.position).toBe(position);
  expect(context.actual?.text ?? null).toBe(actual);
  expect(texts(context.following)).toEqual(following);
});

test.each([
  [`${LINE} `, 10, ['The', ' movie', ' was', ' ']],
  [LINE, 2, [' movie', ' was']],
  [LINE, 1, [' was']],
  [LINE, 0, []],
  ['', 10, []],
])('without a position %j is taken as it stands, its last %d tokens', (text, longest, expected) => {
  const context = contextOf({ text }, words, longest);
  expect(texts(context.tokens)).toEqual(expected);
  expect(context).toMatchObject({ position: text.length, actual: null, following: [] });
});

describe('beyond the longest context', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz';
  const at = (offset: number, longest: number) => {
    const { tokens, following } = contextOf({ text: alphabet, offset }, characters, longest);
    return [texts(tokens).join(''), texts(following).join('')];
  };

  test.each([
    [8, 8, 'abcdefgh', ''],
    [9, 8, 'efghi', 'jkl'], // starts are 4 apart
    [12, 8, 'efghijkl', ''],
    [13, 8, 'ijklm', 'nop'],
    [6, 5, 'cdef', 'g'], // and 2 apart for 5
    [8, 5, 'efgh', 'i'],
    [26, 8, 'uvwxyz', ''],
    [5, 1, 'e', ''],
  ])('at %d of 26, %d at most', (offset, longest, before, following) => {
    expect(at(offset, longest)).toEqual([before, following]);
  });

  test('neighbours share their start, never more than the longest, never less than half', () => {
    const starts = new Set<string>();
    for (let offset = 9; offset <= 26; offset++) {
      const [before] = at(offset, 8) as [string];
      expect(before.length).toBeLessThanOrEqual(8);
      expect(before.length).toBeGreaterThan(4);
      starts.add(before[0] as string);
    }
    expect([...starts]).toEqual(['e', 'i', 'm', 'q', 'u']);
  });
});

// 😀 is F0 9F 98 80: four tokens of the small tokenizer, and two of GPT-2's, the first with the space before it.
describe.each([
  ['four tokens', 'test/parity/fixtures/head-size-12', [0, 1, 2, 2, 4]],
  ['two tokens, one with the space', 'models/starter', [0, 1, 1, 1, 4]],
])('an emoji of %s', async (_, folder, positions) => {
  const tokenizer = await loadTokenizer(path.resolve(folder));
  const text = 'a 😀b';
  test.each([...positions.entries()])('a position at %d snaps to %d', (offset, position) => {
    const context = contextOf({ text, offset }, part => tokenizer.encode(part), 100);
    expect(context.position).toBe(position);
    expect(context.actual?.start).toBe(position);
    expect(context.tokens).toEqual(tokenizer.encode(text).filter(({ start }) => start < position));
    expect([...context.tokens, ...context.following]).toEqual(tokenizer.encode(text));
  });
});
