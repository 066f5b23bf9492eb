// These run over a whole vocabulary at every token: loops by index are several times as fast as iterators.

const NONE = Number.NEGATIVE_INFINITY;

export function largestOf(scores: Float32Array): number {
  let largest = NONE;
  for (let id = 0; id < scores.length; id++) if ((scores[id] as number) > largest) largest = scores[id] as number;
  return largest;
}

/** exp(score), seen from the largest, which weighs 1: in double precision. What is banned weighs nothing. */
export function weightsOf(scores: Float32Array): Float64Array {
  const weights = new Float64Array(scores.length);
  const largest = largestOf(scores);
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id] as number;
    if (score !== NONE) weights[id] = Math.exp(score - largest);
  }
  return weights;
}

export function sumOf(weights: Float64Array): number {
  let sum = 0;
  for (let id = 0; id < weights.length; id++) sum += weights[id] as number;
  return sum;
}

/** log of the sum of exponentials: what a score is above its log-probability. */
export const logSumExp = (scores: Float32Array): number => largestOf(scores) + Math.log(sumOf(weightsOf(scores)));
