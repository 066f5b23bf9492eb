import type { ChoiceLeft } from '../protocol/generation.ts';
import { alternatives } from '../scoring/alternatives.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Choice } from './hypothesis.ts';
import { largest } from './ordering.ts';
import { largestOf, logSumExp } from './softmax.ts';

/** The model's own distribution of the next token. */
export interface Prediction {
  /** [V] */
  readonly logits: Float32Array;
  /** What a logit is above its log-probability. */
  readonly normalizer: number;
  /** In bits. */
  readonly entropy: number;
}

export function predictionFrom(logits: Float32Array): Prediction {
  const best = largestOf(logits);
  let [sum, belowBest] = [0, 0];
  for (const logit of logits) {
    const weight = Math.exp(logit - best);
    sum += weight;
    if (weight > 0) belowBest += weight * (best - logit);
  }
  return { logits, normalizer: best + Math.log(sum), entropy: (Math.log(sum) + belowBest / sum) / Math.LN2 };
}

/** Log-probabilities in single precision, as transformers has them. */
export const logProbabilities = ({ logits, normalizer }: Prediction): Float32Array =>
  logits.map(logit => logit - normalizer);

/**
 * Tells of any token what choosing it would mean. `scores` are what processors made of the logits, or of the
 * log-probabilities; null where nothing was changed. `top` alternatives are named.
 */
export function choicesFrom(
  prediction: Prediction,
  scores: Float32Array | null,
  tokenizer: Tokenizer,
  top: number,
): (id: number) => Choice {
  const { logits, normalizer, entropy } = prediction;
  const logProbability = (id: number): number => (logits[id] as number) - normalizer;
  const named = (ids: readonly number[]) =>
    alternatives(
      tokenizer,
      ids,
      ids.map(id => Math.exp(logProbability(id))),
    );
  const likeliest = named(largest(logits, top));
  const left = whatIsLeft(scores, id => Math.exp(logProbability(id)), logits.length);
  return id => ({
    logProbability: logProbability(id),
    token: {
      ...(named([id])[0] as ReturnType<typeof named>[number]),
      rank: rankOf(id, logits),
      entropy,
      left: left(id),
      ...(top > 0 && { top: likeliest }),
    },
  });
}

/** 1 for the likeliest; equal logits by rising id. */
function rankOf(id: number, logits: Float32Array): number {
  const own = logits[id] as number;
  let before = 0;
  for (let other = 0; other < logits.length; other++) {
    const logit = logits[other] as number;
    if (logit > own || (logit === own && other < id)) before++;
  }
  return before + 1;
}

function whatIsLeft(
  scores: Float32Array | null,
  probabilityOf: (id: number) => number,
  all: number,
): (id: number) => ChoiceLeft {
  if (!scores) return id => ({ tokens: all, probability: 1, chance: probabilityOf(id) });
  let [tokens, probability] = [0, 0];
  for (let id = 0; id < scores.length; id++) {
    if (scores[id] === Number.NEGATIVE_INFINITY) continue;
    tokens += 1;
    probability += probabilityOf(id);
  }
  const normalizer = logSumExp(scores);
  return id => ({
    tokens,
    probability: tokens === all ? 1 : Math.min(1, probability), // rounding aside
    chance: Math.exp((scores[id] as number) - normalizer),
  });
}
