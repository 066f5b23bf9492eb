/** log of the sum of exponentials, in double precision; scores of -Infinity count as nothing. */
export function logSumExp(scores: Float32Array): number {
  const largest = largestOf(scores);
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - largest);
  return largest + Math.log(sum);
}

/** Log-probabilities in single precision, as transformers has them. */
export function logSoftmax(scores: Float32Array): Float32Array {
  const normalizer = logSumExp(scores);
  return scores.map(score => score - normalizer);
}

/** Probabilities in single precision, as transformers has them. */
export function softmax(scores: Float32Array): Float32Array {
  const normalizer = logSumExp(scores);
  return scores.map(score => Math.exp(score - normalizer));
}

export function largestOf(scores: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > largest) largest = score;
  return largest;
}
