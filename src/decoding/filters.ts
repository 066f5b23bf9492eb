import { fromLargest } from './ordering.ts';
import type { Processor } from './penalties.ts';
import { largestOf, logSoftmax, softmax } from './softmax.ts';

// Each as the warper of that name in transformers (generation/logits_process.py), with one token kept at least. Figures
// are rounded to single precision where transformers has them so: it decides which of two equal tokens stay.

/** TemperatureLogitsWarper. */
export const temperature =
  (degree: number): Processor =>
  scores => {
    for (let id = 0; id < scores.length; id++) scores[id] = (scores[id] as number) / degree;
  };

/** TopKLogitsWarper: those that equal the k-th stay too. */
export const topK =
  (k: number): Processor =>
  scores => {
    let place = 0;
    for (const id of fromLargest(scores)) {
      if (++place < k) continue;
      keepFrom(scores, scores, scores[id] as number);
      return;
    }
  };

/**
 * TopPLogitsWarper, nucleus sampling (Holtzman et al. 2020): the fewest tokens that together have at least p. Of equal
 * ones those of lower ids stay; transformers leaves that to its sort, which is not stable.
 */
export const topP =
  (p: number): Processor =>
  scores => {
    const probabilities = softmax(scores);
    const total = probabilities.reduce((sum, probability) => sum + probability, 0);
    const removed = Math.fround(1 - p);
    const kept: number[] = [];
    let before = 0;
    for (const id of fromLargest(scores)) {
      if (kept.length > 0 && Math.fround(total - before) <= removed) break;
      kept.push(id);
      before += probabilities[id] as number;
    }
    keepOnly(scores, kept);
  };

/** MinPLogitsWarper (Nguyen et al. 2024): those with at least this share of the likeliest one's probability. */
export const minP =
  (share: number): Processor =>
  scores => {
    const probabilities = softmax(scores);
    keepFrom(scores, probabilities, Math.fround(Math.fround(share) * largestOf(probabilities)));
  };

/** TypicalLogitsWarper (Meister et al. 2023): those whose surprisal is nearest to the entropy, up to this mass. */
export const typicalP =
  (mass: number): Processor =>
  scores => {
    const logs = logSoftmax(scores);
    const entropy = Math.fround(-logs.reduce((sum, log) => (log === -Infinity ? sum : sum + log * Math.exp(log)), 0));
    const typicality = logs.map(log => -Math.abs(Math.fround(-log - entropy)));
    let least = 0;
    let together = 0;
    for (const id of fromLargest(typicality)) {
      least = typicality[id] as number;
      together += Math.exp(logs[id] as number);
      if (Math.fround(together) >= Math.fround(mass)) break;
    }
    keepFrom(scores, typicality, least);
  };

/** Removes what has less than `least` of a measure. */
function keepFrom(scores: Float32Array, measure: Float32Array, least: number): void {
  for (let id = 0; id < scores.length; id++) {
    if ((measure[id] as number) < least) scores[id] = Number.NEGATIVE_INFINITY;
  }
}

function keepOnly(scores: Float32Array, ids: readonly number[]): void {
  const kept = ids.map(id => scores[id] as number);
  scores.fill(Number.NEGATIVE_INFINITY);
  for (const [place, id] of ids.entries()) scores[id] = kept[place] as number;
}
