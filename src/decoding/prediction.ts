import type { Alternative } from '../protocol/engine.ts';
import type { ChoiceLeft } from '../protocol/generation.ts';
import { alternatives } from '../scoring/alternatives.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Choice } from './hypothesis.ts';
import { logSumExp } from '../scoring/softmax.ts';

/** The model's own distribution of the next token. */
export interface Prediction {
  /** [V] */
  readonly logits: Float32Array;
  /** What a logit is above its log-probability. */
  readonly normalizer: number;
  /** In nats. */
  readonly entropy: number;
  /** Of the likeliest, likeliest first. */
  readonly topIds: Int32Array;
}

/** Log-probabilities in single precision, as transformers has them. */
export function logProbabilities({ logits, normalizer }: Prediction): Float32Array {
  const logs = new Float32Array(logits.length);
  for (let id = 0; id < logits.length; id++) logs[id] = (logits[id] as number) - normalizer;
  return logs;
}

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
  const topIds = prediction.topIds.subarray(0, top);
  const topProbabilities = Array.from(topIds, id => Math.exp((logits[id] as number) - normalizer));
  const likeliest = alternatives(tokenizer, topIds, topProbabilities);
  const left = whatIsLeft(prediction, scores);
  return id => {
    const logProbability = (logits[id] as number) - normalizer;
    return choiceOf({ id, logProbability, rank: rankOf(id, logits), entropy, left: left(id), likeliest }, tokenizer);
  };
}

/** What is known of a token that may be chosen. */
export interface Known {
  readonly id: number;
  /** The model's own, in nats. */
  readonly logProbability: number;
  readonly rank: number;
  /** Of the model's own distribution, in nats. */
  readonly entropy: number;
  readonly left: ChoiceLeft;
  /** Empty where none are asked for. */
  readonly likeliest: readonly Alternative[];
}

export function choiceOf({ id, logProbability, rank, entropy, left, likeliest }: Known, tokenizer: Tokenizer): Choice {
  const [named] = alternatives(tokenizer, [id], [Math.exp(logProbability)]) as [Alternative];
  const token = { ...named, rank, entropy: entropy / Math.LN2, left };
  return { logProbability, token: likeliest.length > 0 ? { ...token, top: likeliest } : token };
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

function whatIsLeft(prediction: Prediction, scores: Float32Array | null): (id: number) => ChoiceLeft {
  const { logits, normalizer } = prediction;
  const own = (id: number): number => Math.exp((logits[id] as number) - normalizer);
  if (!scores) return id => allLeft(logits.length, own(id));
  let removed = 0;
  for (let id = 0; id < scores.length; id++) if (scores[id] === Number.NEGATIVE_INFINITY) removed++;
  // Summed over the fewer: those that are left, or those that are not.
  const few = removed < scores.length / 2;
  let sum = 0;
  for (let id = 0; id < scores.length; id++) if ((scores[id] === Number.NEGATIVE_INFINITY) === few) sum += own(id);
  const probability = few ? 1 - sum : sum;
  const total = logSumExp(scores);
  return id => ({ tokens: scores.length - removed, probability, chance: Math.exp((scores[id] as number) - total) });
}

/** Where nothing was changed: a draw takes a token with the probability that the model gives it. */
export const allLeft = (vocabularySize: number, probability: number): ChoiceLeft => ({
  tokens: vocabularySize,
  probability: 1,
  chance: probability,
});
