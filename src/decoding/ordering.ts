import { largestOf } from './softmax.ts';

/**
 * Ids by falling score, equal ones by rising id. Those of -Infinity never come. Who needs only the first ones pays only
 * for them: the scores are sorted in bands, from the largest down, each twice as wide as the one before.
 */
export function* fromLargest(scores: Float32Array): Generator<number> {
  const largest = largestOf(scores);
  let above = Number.POSITIVE_INFINITY;
  for (let width = 1; above > Number.NEGATIVE_INFINITY; width *= 2) {
    const from = width > WIDEST ? Number.NEGATIVE_INFINITY : largest - width;
    yield* idsBetween(scores, from, above).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    above = from;
  }
}

/** In nats: what is further from the likeliest than this is all one band. */
const WIDEST = 64;

function idsBetween(scores: Float32Array, from: number, above: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id] as number;
    if (score < above && score >= from && score > Number.NEGATIVE_INFINITY) ids.push(id);
  }
  return ids;
}

/** The ids of the `count` largest scores, largest first, equal ones by rising id; none of -Infinity. */
export function largest(scores: Float32Array, count: number): number[] {
  const ids: number[] = [];
  let smallest = Number.NEGATIVE_INFINITY; // of those found, once there are enough
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id] as number;
    if (!(score > smallest)) continue;
    let at = ids.length;
    while (at > 0 && (scores[ids[at - 1] as number] as number) < score) at--;
    ids.splice(at, 0, id);
    if (ids.length > count) ids.pop();
    if (ids.length === count) smallest = scores[ids[count - 1] as number] as number;
  }
  return ids;
}
