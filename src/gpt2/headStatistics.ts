import type { Numbers } from '../onnx/session.ts';

/** What the head says of N positions, given the token that came at each. */
export interface HeadStatistics {
  /** Natural logarithm of the probability of the token that came: [N]. */
  readonly logProbabilities: Float64Array;
  /** 1 for the likeliest; equal logits by rising id: [N]. */
  readonly ranks: Int32Array;
  /** Of the whole distribution, in nats: [N]. */
  readonly entropies: Float64Array;
  /** The K likeliest of each position, [N, K]. */
  readonly topIds: Int32Array;
  readonly topProbabilities: Float32Array;
}

/**
 * Puts together what the statistics graph gives. The logarithm of the partition function comes from the likeliest
 * token, log Z = logit - log p, whose probability is never too small to be told from 0 as a rare token's may be.
 */
export function statisticsOf(results: Readonly<Record<string, Numbers>>, top: number): HeadStatistics {
  const numbers = (name: string): Float32Array => results[name] as Float32Array;
  const [target, meanLogit] = [numbers('target'), numbers('meanLogit')];
  const [topLogits, topProbabilities] = [numbers('topLogits'), numbers('topProbabilities')];
  const logPartition = Float64Array.from(target, (_, row) => {
    return (topLogits[row * top] as number) - Math.log(topProbabilities[row * top] as number);
  });
  return {
    logProbabilities: Float64Array.from(target, (logit, row) => logit - (logPartition[row] as number)),
    ranks: Int32Array.from(results['before'] as Int32Array, count => count + 1),
    entropies: Float64Array.from(meanLogit, (mean, row) => Math.max(0, (logPartition[row] as number) - mean)),
    topIds: Int32Array.from(results['topIds'] as BigInt64Array, Number),
    topProbabilities,
  };
}
