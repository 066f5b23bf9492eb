import { afterAll, expect } from 'vitest';
import { relativeDifference } from '../expected.ts';
import type { Told } from './run.ts';

/** Holds two ways of taking the same steps against each other, and prints by how much they differ. */
export function sameSteps(tolerance: number): (name: string, actual: Told, expected: Told) => void {
  const largest = new Map<string, number>();
  afterAll(() => {
    for (const [name, difference] of largest) console.log(`${name}: ${difference.toExponential(1)}`);
    console.log(`largest relative difference: ${Math.max(...largest.values()).toExponential(1)}`);
  });
  return (name, actual, expected) => {
    const compare = (figure: string, one = Number.NaN, other = Number.NaN): void => {
      const found = relativeDifference(one, other);
      largest.set(name, Math.max(largest.get(name) ?? 0, found));
      if (!(found < tolerance)) throw new Error(`${figure} differs by ${found}: ${one}, and ${other} was expected`);
    };
    expect(actual.steps).toHaveLength(expected.steps.length);
    for (const [index, step] of expected.steps.entries()) {
      const { examplesSeen, tokensSeen, accuracy, rewardsAccuracy } = step;
      const taken = actual.steps[index];
      expect(taken).toMatchObject({ examplesSeen, tokensSeen });
      expect([taken?.accuracy, taken?.['rewardsAccuracy']]).toEqual([accuracy, rewardsAccuracy]);
      for (const figure of ['loss', 'gradientNorm']) compare(figure, taken?.[figure], step[figure]);
    }
    for (const [index, { evalLoss }] of expected.evaluations.entries())
      compare('evalLoss', actual.evaluations[index]?.evalLoss, evalLoss);
  };
}
