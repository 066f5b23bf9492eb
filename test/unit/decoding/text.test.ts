import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certainLength, grown, NO_TEXT, stopIn, wholeText } from '../../../src/decoding/text.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';

const tokenizer = await loadTokenizer('test/parity/fixtures/head-size-12');

/** What has come out after each id. */
function growth(ids: readonly number[]): string[] {
  let text = NO_TEXT;
  return ids.map(id => {
    text = grown(text, id, tokenizer);
    return text.text;
  });
}

describe('a text that grows by tokens', () => {
  it('gives a split character when it is whole', () => {
    const ids = tokenizer.ids('a☕b');
    expect(ids).toHaveLength(5);
    expect(growth(ids)).toEqual(['a', 'a', 'a', 'a☕', 'a☕b']);
  });

  it('only ever gets longer, and in the end is what the ids decode to', () => {
    const anyIds = fc.array(fc.nat(tokenizer.vocabularySize - 1), { maxLength: 30 });
    fc.assert(
      fc.property(anyIds, ids => {
        const whole = tokenizer.decode(ids);
        for (const text of growth(ids)) expect(whole.startsWith(text)).toBe(true);
        expect(
          wholeText(
            ids.reduce((text, id) => grown(text, id, tokenizer), NO_TEXT),
            tokenizer,
          ),
        ).toBe(whole);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('stop strings', () => {
  it.each([
    ['a\nUser: b', 0, ['\nUser:'], 1],
    ['a\nUser: b', 7, ['\nUser:'], -1], // it was there before
    ['a\nUser', 0, ['\nUser:'], -1],
    ['one two three', 0, ['three', 'two'], 4],
    ['aaa', 1, ['aa'], 0],
    ['', 0, ['x'], -1],
    ['anything', 0, [], -1],
  ])('in %j of which %d were known, %j begins at %d', (text, known, stops, at) => {
    expect(stopIn(text, known, stops)).toBe(at);
  });

  it.each([
    ['Hello\nUs', ['\nUser:'], 5],
    ['Hello', ['\nUser:'], 5],
    ['aaa', ['aab'], 1],
    ['xyz', ['zz', 'yzx'], 1],
    ['free', [], 4],
  ])('of %j, before %j can come, %d characters are certain', (text, stops, length) => {
    expect(certainLength(text, stops)).toBe(length);
  });
});
