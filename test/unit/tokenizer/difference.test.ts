import { expect, test } from 'vitest';
import { vocabularyDifference } from '../../../src/tokenizer/difference.ts';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.ts';

/** A vocabulary by its tokens; where one is undefined, its id stands for none. */
function vocabulary(...tokens: ReadonlyArray<string | undefined>): Tokenizer {
  const raw = (id: number): string => {
    if (tokens[id] === undefined) throw new RangeError(`no token ${id}`);
    return tokens[id];
  };
  return { vocabularySize: tokens.length, has: (id: number) => tokens[id] !== undefined, raw } as Tokenizer;
}

test.each<[string, Tokenizer, RegExp | undefined]>([
  ['the same tokens, and the same ids unused', vocabulary('a', undefined, 'c'), undefined],
  ['a token where the other has none', vocabulary('a', 'b', 'c'), /^token 1 is b in it, not unused$/],
  ['none where the other has one', vocabulary(undefined, undefined, 'c'), /^token 0 is unused in it, not a$/],
  ['another token', vocabulary('a', undefined, 'd'), /^token 2 is d in it, not c$/],
  ['more tokens', vocabulary('a', undefined, 'c', 'd'), /^it has 4 tokens, not 3$/],
])('a vocabulary with %s', (_, other, difference) => {
  const found = vocabularyDifference(vocabulary('a', undefined, 'c'), other);
  if (difference) expect(found).toMatch(difference);
  else expect(found).toBeUndefined();
});
