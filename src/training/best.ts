import { Reasoned } from '../protocol/result.ts';

/** The best evaluation so far. */
export interface Best {
  readonly metric: string;
  readonly value: number;
  readonly step: number;
  /** Evaluations since then, none of which was better. */
  readonly evaluationsSince: number;
}

/** Metrics of which less is better; of all others more is. */
const LESS_IS_BETTER = /loss$|kl$/i;

/**
 * The best evaluation, with this one counted.
 * @throws Reasoned `metric-unknown` where the evaluation has no such figure
 */
export function bestWith(
  best: Best | null,
  metric: string,
  step: number,
  figures: Readonly<Record<string, number>>,
): Best {
  const value = figures[metric];
  if (value === undefined) throw unknownMetric(metric, Object.keys(figures));
  const sign = LESS_IS_BETTER.test(metric) ? -1 : 1;
  if (best && sign * value <= sign * best.value) return { ...best, evaluationsSince: best.evaluationsSince + 1 };
  return { metric, value, step, evaluationsSince: 0 };
}

const unknownMetric = (metric: string, known: readonly string[]): Reasoned =>
  new Reasoned(
    'metric-unknown',
    `The best is chosen by "${metric}", and this run’s evaluations have no such figure.`,
    `Set training.keepBest to one of ${known.join(', ')}.`,
  );
