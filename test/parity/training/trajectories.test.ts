import { afterAll, describe, expect, it } from 'vitest';
import { relativeDifference } from '../expected.ts';
import type { MetricsLine } from '../../../src/protocol/run/folder.ts';
import { type Figures, TOLERANCE, TRAJECTORIES } from './expected.ts';
import { trained } from './run.ts';

/** What single precision leaves of smaller rewards is compared with this: they are differences of scores of about 1, or of
 * log-probabilities of some tens. */
const SMALL_REWARD = 0.02;
/** What single precision leaves of a margin that is 0. */
const ROUNDING = 1e-6;

describe('trains as PyTorch does, step by step', () => {
  const largest = new Map<string, number>();
  afterAll(() => {
    for (const [name, difference] of largest) console.log(`${name}: ${difference.toExponential(1)}`);
    console.log(`largest relative difference: ${Math.max(...largest.values()).toExponential(1)}`);
  });

  const difference = (name: string, actual: number | undefined, expected: number): number => {
    const found = relativeDifference(actual ?? Number.NaN, expected);
    largest.set(name, Math.max(largest.get(name) ?? 0, found));
    return found;
  };

  /** Shares of rows are equal; a reward may be next to nothing beside what it is the difference of. */
  const compare = (name: string, metric: string, actual: MetricsLine | undefined, expected: Figures): void => {
    const value = expected[metric] as number;
    if (/accuracy$/i.test(metric)) {
      const margin = expected[metric.replace(/accuracy$/i, 'Margin')];
      const equal = margin !== undefined && Math.abs(margin) < ROUNDING;
      if (!equal) expect(actual?.[metric]).toBeCloseTo(value, 8); // of equal rewards chance says which is higher
    } else if (/reward/i.test(metric)) {
      const found = Math.abs((actual?.[metric] ?? Number.NaN) - value) / Math.max(Math.abs(value), SMALL_REWARD);
      largest.set(name, Math.max(largest.get(name) ?? 0, found));
      expect(found).toBeLessThan(TOLERANCE);
    } else expect(difference(name, actual?.[metric], value)).toBeLessThan(TOLERANCE);
  };

  it.each(TRAJECTORIES.map(trajectory => [trajectory.name, trajectory] as const))('%s', async (name, trajectory) => {
    const { steps, evaluations } = await trained(trajectory);
    expect(steps).toHaveLength(trajectory.steps.length);
    for (const [index, { learningRate, ...figures }] of trajectory.steps.entries()) {
      expect(steps[index]?.learningRate).toBeCloseTo(learningRate as number, 9);
      for (const metric of Object.keys(figures)) compare(name, metric, steps[index], figures);
    }
    expect(evaluations).toHaveLength(trajectory.evaluations.length);
    for (const [index, { step, ...figures }] of trajectory.evaluations.entries()) {
      expect(evaluations[index]?.step).toBe(step);
      for (const metric of Object.keys(figures)) compare(name, metric, evaluations[index], figures);
    }
  });
});
