import type { Alternative, ScoredText, ScoredToken, Token } from '../protocol/engine.ts';

/** What the model said of one position. */
export interface PositionScore {
  /** Of the token that stands there, in nats. */
  readonly logProbability: number;
  readonly rank: number;
  /** Of the whole distribution, in nats. */
  readonly entropy: number;
  readonly top: readonly Alternative[];
}

/** A token of the text with its length in UTF-8 bytes, and its score; null where it has none. */
export interface ScoredPosition {
  readonly token: Token;
  readonly bytes: number;
  readonly score: PositionScore | null;
}

const NATS_PER_BIT = Math.LN2;

/** Sums up the positions of a text. `withTop` tells whether alternatives were asked for. */
export function scoredText(text: string, positions: readonly ScoredPosition[], withTop: boolean): ScoredText {
  let negativeLogLikelihood = 0;
  let scoredTokens = 0;
  let bytes = 0;
  for (const { score, bytes: ofToken } of positions) {
    if (!score) continue;
    negativeLogLikelihood -= score.logProbability;
    scoredTokens += 1;
    bytes += ofToken;
  }
  return {
    text,
    perplexity: scoredTokens === 0 ? null : Math.exp(negativeLogLikelihood / scoredTokens),
    negativeLogLikelihood,
    scoredTokens,
    bitsPerByte: bytes === 0 ? null : negativeLogLikelihood / NATS_PER_BIT / bytes,
    tokens: positions.map(position => scoredToken(position, withTop)),
  };
}

function scoredToken({ token: { id, text, start, end }, score }: ScoredPosition, withTop: boolean): ScoredToken {
  if (!score) return { id, text, start, end, probability: null, rank: null, surprisal: null, entropy: null };
  return {
    id,
    text,
    start,
    end,
    probability: Math.exp(score.logProbability),
    rank: score.rank,
    surprisal: -score.logProbability / NATS_PER_BIT,
    entropy: score.entropy / NATS_PER_BIT,
    ...(withTop && { top: score.top }),
  };
}
