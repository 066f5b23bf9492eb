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

/** The outputs of the head graph that statistics are made of. */
export const STATISTICS = ['target', 'before', 'topLogits', 'topIds', 'topProbabilities', 'meanBelowBest'] as const;

/**
 * Puts together what the head graph gives, all seen from the likeliest token: its probability, unlike a rare token's, is
 * never too small to be told from 0, and log Z = logit - log p.
 */
export function statisticsOf(results: Readonly<Record<string, Numbers>>, top: number): HeadStatistics {
  const numbers = (name: string): Float32Array => results[name] as Float32Array;
  const [topLogits, topProbabilities] = [numbers('topLogits'), numbers('topProbabilities')];
  const logBest = (row: number): number => Math.log(topProbabilities[row * top] as number);
  return {
    logProbabilities: Float64Array.from(numbers('target'), (logit, row) => {
      return logit - (topLogits[row * top] as number) + logBest(row);
    }),
    ranks: Int32Array.from(results['before'] as Int32Array, count => count + 1),
    entropies: Float64Array.from(numbers('meanBelowBest'), (mean, row) => Math.max(0, -logBest(row) - mean)),
    topIds: Int32Array.from(results['topIds'] as BigInt64Array, Number),
    topProbabilities,
  };
}
