import type { TextStatistics } from '../protocol/evaluation/folder.ts';

/** Counts texts as they come; `result` may be asked for at any time. */
export interface TextCounter {
  /** `tokens`: how many the model's tokenizer makes of it. */
  add(text: string, tokens: number): void;
  result(): TextStatistics;
}

/** Words of a text that may be repeated without being noticed. */
const REPEATED_WORDS = 4;

/**
 * Diversity and repetition of texts. distinct-n: different n-grams of words over all of them together (Li et al. 2016,
 * "A Diversity-Promoting Objective Function"). Words are what stands between spaces, in lower case.
 */
export function textCounter(): TextCounter {
  let [count, tokenSum, empty, ngrams, repeated] = [0, 0, 0, 0, 0];
  const [words, pairs] = [new Distinct(), new Distinct()];
  return {
    add(text, tokens) {
      count += 1;
      tokenSum += tokens;
      const own = wordsOf(text);
      if (own.length === 0) empty += 1;
      words.add(own);
      pairs.add(ngramsOf(own, 2));
      const long = ngramsOf(own, REPEATED_WORDS);
      ngrams += long.length;
      repeated += long.length - new Set(long).size;
    },
    result: () => ({
      count,
      meanTokens: share(tokenSum, count),
      distinct1: words.share,
      distinct2: pairs.share,
      repetition: share(repeated, ngrams),
      empty,
    }),
  };
}

/** Different ones among many. A million rows may hold more than fit: beyond these the rest is not looked at any more. */
const MOST_DIFFERENT = 2_000_000;

class Distinct {
  private readonly seen = new Set<string>();
  private count = 0;

  add(items: readonly string[]): void {
    if (this.seen.size >= MOST_DIFFERENT) return;
    for (const item of items) this.seen.add(item);
    this.count += items.length;
  }

  get share(): number {
    return share(this.seen.size, this.count);
  }
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\S+/gu) ?? [];

const ngramsOf = (words: readonly string[], size: number): string[] =>
  Array.from({ length: Math.max(0, words.length - size + 1) }, (_, at) => words.slice(at, at + size).join(' '));

const share = (part: number, all: number): number => (all === 0 ? 0 : part / all);
