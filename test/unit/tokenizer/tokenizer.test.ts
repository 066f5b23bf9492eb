import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';

const tokenizer = await loadTokenizer(path.resolve('models/starter'));

describe('every well-formed text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom(' ', '\n', '\r', '\t', '\u0085', '\ufeff', "'s", 'é', '👩‍🚀', '<|endoftext|>', 'a'),
    }),
  );

  it('is given back by decode', () => {
    fc.assert(fc.property(anyText, text => tokenizer.decode(tokenizer.ids(text)) === text));
  });

  it('is tiled by its tokens, and those that share characters hold them together', () => {
    fc.assert(
      fc.property(anyText, text => {
        let end = 0;
        let sharing: { ids: number[]; start: number } = { ids: [], start: 0 };
        for (const token of tokenizer.encode(text)) {
          if (token.start === end) {
            expect(tokenizer.decode(sharing.ids)).toBe(text.slice(sharing.start, end));
            sharing = { ids: [], start: token.start };
          }
          expect(token.start).toBeLessThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          sharing.ids.push(token.id);
          end = token.end;
        }
        expect(tokenizer.decode(sharing.ids)).toBe(text.slice(sharing.start, end));
        expect(end).toBe(text.length);
      }),
    );
  });
});

describe('offsets count UTF-16 units', () => {
  it.each([
    ['The movie', ['The 0-3', ' movie 3-9']],
    ['é\u0301', ['é 0-1', '\ufffd 1-2', '\ufffd 1-2']],
    ['a👍b', ['a 0-1', '\ufffd 1-3', '\ufffd 1-3', 'b 3-4']],
    ['<|endoftext|>x', ['<|endoftext|> 0-13', 'x 13-14']],
    ['a\0b', ['a 0-1', '\0 1-2', 'b 2-3']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(tokenizer.encode(text).map(token => `${token.text} ${token.start}-${token.end}`)).toEqual(expected);
  });
});

it.each(['a\ud800b', '\udc00', 'x\udc00\ud800y', 'end\ud83d'])('lone surrogates are read as U+FFFD: %j', text => {
  const replaced = text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  expect(tokenizer.encode(text)).toEqual(tokenizer.encode(replaced));
  expect(tokenizer.decode(tokenizer.ids(text))).toBe(replaced);
});

it('shows a token by itself, with bytes that are no character as U+FFFD', () => {
  expect([464, 3807, 447, 50256].map(tokenizer.tokenText)).toEqual(['The', ' movie', '\ufffd', '<|endoftext|>']);
  expect(tokenizer.raw(3807)).toBe('Ġmovie');
});

it.each([50257, -1, 1.5])('refuses id %d, which is not in the vocabulary', id => {
  for (const read of [tokenizer.tokenText, tokenizer.raw, (unknown: number) => tokenizer.decode([unknown])])
    expect(() => read(id)).toThrow(expect.objectContaining({ code: 'token-unknown' }));
});

it('decode never cleans up spaces', () => {
  const text = "It 's not here , is n't it ?";
  expect(tokenizer.decode(tokenizer.ids(text))).toBe(text);
});

// A merge that looks at every pair again after each merge would take hours here.
it.each([
  ['one letter', 'a'.repeat(200_000)],
  ['spaces', ' '.repeat(1_000_000)],
  ['line ends', '\n'.repeat(200_000)],
  ['prose', 'It was the best of times, it was the worst of times. '.repeat(20_000)],
])('cuts a very long text: %s', (_, text) => {
  expect(tokenizer.encode(text).at(-1)?.end).toBe(text.length);
});
