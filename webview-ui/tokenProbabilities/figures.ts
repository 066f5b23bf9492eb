import type { ScoredText } from '../../src/protocol/engine.ts';
import { bits, bitsPerByte, bitsWithUnit, count, counted, perplexity } from '../shared/format.ts';

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  /** In one sentence: what the number means. */
  readonly meaning: string;
}

/** Mean surprisal of the scored tokens in bits; null where none is scored. */
export const meanBits = ({ scoredTokens, negativeLogLikelihood }: ScoredText): number | null =>
  scoredTokens === 0 ? null : negativeLogLikelihood / Math.LN2 / scoredTokens;

/** The numbers that sum up a text. */
export function figures(scored: ScoredText): Figure[] {
  const mean = meanBits(scored);
  return [
    {
      name: 'perplexity',
      value: perplexity(scored.perplexity),
      unit: '',
      meaning:
        scored.perplexity === null
          ? 'Perplexity needs at least one scored token.'
          : `Perplexity ${perplexity(scored.perplexity)}: as unsure as choosing among ${count(Math.max(1, Math.round(scored.perplexity)))} equally likely tokens.`,
    },
    {
      name: 'mean',
      value: bits(mean),
      unit: 'bits/token',
      meaning:
        mean === null
          ? 'The mean surprisal needs at least one scored token.'
          : `Mean surprisal ${bitsWithUnit(mean)}: on average a token surprised the model as much as ${bits(mean)} coin tosses guessed in a row.`,
    },
    {
      name: 'density',
      value: bitsPerByte(scored.bitsPerByte),
      unit: 'bits/byte',
      meaning:
        'Bits per byte of UTF-8: what a compressor driven by this model would need, comparable between tokenizers.',
    },
    {
      name: 'tokens',
      value: count(scored.scoredTokens),
      unit: scored.scoredTokens === 1 ? 'token scored' : 'tokens scored',
      meaning: tokensMeaning(scored),
    },
  ];
}

function tokensMeaning({ tokens, scoredTokens }: ScoredText): string {
  if (scoredTokens === tokens.length) return `All of the ${counted(tokens.length, 'token')} have a probability.`;
  return `${count(scoredTokens)} of ${counted(tokens.length, 'token')} have a probability: the first one has no context to be judged by.`;
}

/** Why a text has no score, in words that lead on; null where it has one. */
export function whyUnscored({ tokens, scoredTokens }: ScoredText): string | null {
  if (scoredTokens > 0) return null;
  if (tokens.length === 0) return 'There is no text here to score. Select some text and score it again.';
  return 'A single token has nothing before it, so the model cannot say how likely it is. Select at least two words.';
}
