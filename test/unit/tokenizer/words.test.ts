import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenizerDefinition } from '../../../src/tokenizer/definition.ts';
import { createTokenizer } from '../../../src/tokenizer/tokenizer.ts';
import { encodesByWords, wordEncoder } from '../../../src/tokenizer/words.ts';

const definition = tokenizerDefinition(
  JSON.parse(readFileSync(path.resolve('models/starter/tokenizer.json'), 'utf8')),
  'starter',
);
const library = new HuggingFaceTokenizer(definition, {});

/** What cutting into words could get wrong: white space, contractions, scripts, marks, broken characters, added tokens. */
const PARTS = [
  ' ',
  '  ',
  '\n',
  '\t',
  "'",
  "'s",
  "'re",
  'a',
  'Zb',
  'é',
  '日本',
  '😀',
  '1',
  '23',
  '.',
  '!',
  '\u00a0',
  '\u0085',
];
const MORE = ['\ufeff', '\u2028', '\ud800', '\udc00', '\u0301', '\u200d', '\0', '<|endoftext|>', '<|', 'longer words'];

test('word by word gives the ids of the whole text', () => {
  const tokenizer = createTokenizer(definition);
  expect(encodesByWords(definition)).toBe(true);
  const text = fc.array(fc.constantFrom(...PARTS, ...MORE), { maxLength: 14 }).map(parts => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), text => {
      expect(tokenizer.ids(text)).toEqual(library.encode(text, { add_special_tokens: false }).ids);
    }),
    { numRuns: 3000 },
  );
}, 60_000);

test('a tokenizer that normalizes, or cuts otherwise, encodes texts as a whole', () => {
  expect(encodesByWords({ ...definition, normalizer: { type: 'NFC' } })).toBe(false);
  expect(encodesByWords({ ...definition, pre_tokenizer: { type: 'Whitespace' } })).toBe(false);
});

test('a word that was met is not encoded again, nor one of a text with an added token apart', () => {
  const encoded: string[] = [];
  const encode = wordEncoder(
    text => {
      encoded.push(text);
      return [text.length];
    },
    ['<|x|>'],
  );
  expect(encode('one two one two')).toEqual([3, 4, 4, 4]);
  expect(encode('one')).toEqual([3]);
  expect(encode('one<|x|>')).toEqual([8]);
  expect(encoded).toEqual(['one', ' two', ' one', 'one<|x|>']);
});
