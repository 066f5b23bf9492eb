import { afterAll, describe, expect, it } from 'vitest';
import { relativeDifference } from '../expected.ts';
import { TOLERANCE, TRAJECTORIES } from './expected.ts';
import { trained } from './run.ts';

describe('trains as PyTorch does, step by step', () => {
  const largest = new Map<string, number>();
  afterAll(() => {
    for (const [name, difference] of largest) console.log(`${name}: ${difference.toExponential(1)}`);
    console.log(`largest relative difference: ${Math.max(...largest.values()).toExponential(1)}`);
  });

  it.each(TRAJECTORIES.map(trajectory => [trajectory.name, trajectory] as const))('%s', async (name, trajectory) => {
    const { steps, evaluations } = await trained(trajectory);
    const difference = (actual: number | undefined, expected: number): number => {
      const relative = relativeDifference(actual ?? Number.NaN, expected);
      largest.set(name, Math.max(largest.get(name) ?? 0, relative));
      return relative;
    };
    expect(steps).toHaveLength(trajectory.steps.length);
    for (const [index, expected] of trajectory.steps.entries()) {
      const actual = steps[index];
      expect(actual?.learningRate).toBeCloseTo(expected.learningRate, 9);
      expect(difference(actual?.loss, expected.loss)).toBeLessThan(TOLERANCE);
      expect(difference(actual?.gradientNorm, expected.gradientNorm)).toBeLessThan(TOLERANCE);
      if (expected.accuracy !== undefined) expect(actual?.accuracy).toBeCloseTo(expected.accuracy, 8);
    }
    expect(evaluations).toHaveLength(trajectory.evaluations.length);
    for (const [index, { step, ...figures }] of trajectory.evaluations.entries()) {
      expect(evaluations[index]?.step).toBe(step);
      for (const [metric, expected] of Object.entries(figures)) {
        const actual = evaluations[index]?.[metric];
        if (metric.endsWith('Accuracy')) expect(actual).toBeCloseTo(expected, 8);
        else expect(difference(actual, expected)).toBeLessThan(TOLERANCE);
      }
    }
  });
});
