import { weightedThreshold } from './ordering.ts';
import type { Processor } from './penalties.ts';
import { largestOf, sumOf, weightsOf } from '../scoring/softmax.ts';

// Each as the warper of that name in transformers (generation/logits_process.py), with one token kept at least. Bounds
// are compared in single precision, as they are there: it decides which of equally likely tokens stay.

/** TemperatureLogitsWarper. */
export const temperature =
  (degree: number): Processor =>
  scores => {
    for (let id = 0; id < scores.length; id++) scores[id] = (scores[id] as number) / degree;
  };

/** TopKLogitsWarper: those that equal the k-th stay too. */
export const topK =
  (k: number): Processor =>
  scores =>
    keepFrom(scores, scores, weightedThreshold(scores, new Float64Array(scores.length).fill(1), k));

/**
 * TopPLogitsWarper, nucleus sampling (Holtzman et al. 2020): the fewest tokens that together have at least p. Of equal
 * ones those of lower ids stay; transformers leaves that to its sort, which is not stable.
 */
export const topP =
  (p: number): Processor =>
  scores => {
    const weights = weightsOf(scores);
    const goal = shareOfTopP(p) * sumOf(weights);
    const threshold = weightedThreshold(scores, weights, goal);
    let together = 0;
    for (let id = 0; id < scores.length; id++) {
      if ((scores[id] as number) > threshold) together += weights[id] as number;
    }
    for (let id = 0; id < scores.length; id++) {
      if ((scores[id] as number) > threshold) continue;
      if (scores[id] === threshold && together < goal) together += weights[id] as number;
      else scores[id] = Number.NEGATIVE_INFINITY;
    }
  };

/** The share that is to stay, at least. What is left out may be this much more than 1 - p and round to it. */
export const shareOfTopP = (p: number): number => 1 - Math.fround(1 - p) * HALF_A_ROUNDING;
const HALF_A_ROUNDING = 1 + 2 ** -25;

/** MinPLogitsWarper (Nguyen et al. 2024): those with at least this share of the likeliest one's probability. */
export const minP =
  (share: number): Processor =>
  scores =>
    keepFrom(scores, scores, largestOf(scores) + Math.log(share));

/** TypicalLogitsWarper (Meister et al. 2023): those whose surprisal is nearest to the entropy, up to this mass. */
export const typicalP =
  (mass: number): Processor =>
  scores => {
    const weights = weightsOf(scores);
    const total = sumOf(weights);
    const normalizer = largestOf(scores) + Math.log(total);
    let entropy = 0;
    for (let id = 0; id < scores.length; id++) {
      const weight = weights[id] as number;
      if (weight > 0) entropy -= (weight / total) * ((scores[id] as number) - normalizer);
    }
    const typicality = scores.map(score => -Math.abs(Math.fround(normalizer - score) - Math.fround(entropy)));
    keepFrom(scores, typicality, weightedThreshold(typicality, weights, Math.fround(mass) * total));
  };

/** Removes what has less than `least` of a measure. */
function keepFrom(scores: Float32Array, measure: Float32Array, least: number): void {
  for (let id = 0; id < scores.length; id++) {
    if ((measure[id] as number) < least) scores[id] = Number.NEGATIVE_INFINITY;
  }
}
