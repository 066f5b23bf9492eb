import type { Tokenizer } from './tokenizer.ts';

/** What tells the second of two vocabularies from the first, in words; undefined where an id means the same to both. */
export function vocabularyDifference(one: Tokenizer, other: Tokenizer): string | undefined {
  if (one === other) return undefined;
  if (one.vocabularySize !== other.vocabularySize)
    return `it has ${other.vocabularySize} tokens, not ${one.vocabularySize}`;
  for (let id = 0; id < one.vocabularySize; id++) {
    const [mine, theirs] = [one, other].map(tokenizer => (tokenizer.has(id) ? tokenizer.raw(id) : 'unused'));
    if (mine !== theirs) return `token ${id} is ${theirs} in it, not ${mine}`;
  }
  return undefined;
}
