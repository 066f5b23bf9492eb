import { expect, test } from 'vitest';
import { continuationPrompt, withoutSpace } from '../../../../src/host/generation/context.ts';
import type { EngineApi } from '../../../../src/protocol/engine.ts';
import { ok } from '../../../../src/protocol/result.ts';

/** A tokenizer of one token a character, as far as places go. */
const engine = {
  tokenize: async ({ text }: { text: string }) =>
    ok([...text].map((character, i) => ({ id: 0, text: character, raw: character, start: i, end: i + 1 }))),
} as unknown as EngineApi;

test.each([
  ['all where there is room', 'abc', 10, 4, { prompt: 'abc', space: false }],
  ['the end where there is not', 'abcdefgh', 10, 4, { prompt: 'cdefgh', space: false }],
  ['no space at the end, which the first token brings', 'ab ', 10, 4, { prompt: 'ab', space: true }],
  ['more than one space as it stands', 'ab  ', 10, 4, { prompt: 'ab  ', space: false }],
  ['something, however little room is left', 'abc', 4, 9, { prompt: 'c', space: false }],
  ['nothing of nothing', '', 10, 4, { prompt: '', space: false }],
])('a model is given %s', async (_, before, contextLength, newTokens, given) => {
  const result = await continuationPrompt(engine, { choice: { model: 'm' }, contextLength }, before, newTokens);
  expect(result).toEqual(ok(given));
});

test.each([
  [' word', true, 'word'],
  ['word', true, 'word'],
  [' word', false, ' word'],
])('of %j, where a space stands: %s, is written %j', (text, space, written) =>
  expect(withoutSpace(text, space)).toBe(written),
);
