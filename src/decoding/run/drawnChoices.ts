import { alternatives } from '../../scoring/alternatives.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { Drawing } from '../drawing.ts';
import type { Choice } from '../hypothesis.ts';
import { allLeft, choiceOf } from '../prediction.ts';
import type { DrawnTokens } from './drawTokens.ts';

/** What a token's text and alternatives are found with. */
export interface Told {
  readonly tokenizer: Tokenizer;
  /** Alternatives to name for each token. */
  readonly top: number;
  readonly vocabularySize: number;
}

/** The tokens of a turn, of each text, as decoding one token a run would have chosen them. */
export function choicesOf(
  drawn: DrawnTokens,
  drawings: readonly Drawing[],
  turn: number,
  { tokenizer, top, vocabularySize }: Told,
): Choice[] {
  const { ids, statistics } = drawn;
  const stride = statistics.topIds.length / ids.length;
  const shown = Math.min(top, stride);
  return drawings.map(({ isFiltered }, text) => {
    const at = turn * drawings.length + text;
    const likeliest = [at * stride, at * stride + shown] as const;
    const logProbability = statistics.logProbabilities[at] as number;
    const left = {
      tokens: drawn.leftTokens[at] as number,
      probability: drawn.leftProbabilities[at] as number,
      chance: drawn.leftChances[at] as number,
    };
    const known = {
      id: ids[at] as number,
      logProbability,
      rank: statistics.ranks[at] as number,
      entropy: statistics.entropies[at] as number,
      left: isFiltered ? left : allLeft(vocabularySize, Math.exp(logProbability)),
      likeliest: alternatives(
        tokenizer,
        statistics.topIds.subarray(...likeliest),
        statistics.topProbabilities.subarray(...likeliest),
      ),
    };
    return choiceOf(known, tokenizer);
  });
}
