import { expect, it } from 'vitest';
import { relativeDifference } from '../expected.ts';
import { trajectoryOf } from './expected.ts';
import { trained } from './run.ts';

/** What is left is the order of additions in single precision, over 20 steps. */
const TOLERANCE = 1e-4;

const NAMES = ['sft', 'sft-label-words', 'sft-lora', 'lm', 'classification', 'classification-mean', 'sgd-momentum'];

// The rows of a step have different numbers of scored tokens, and the last step of an epoch has fewer rows: a mean of
// means would differ.
it.each(NAMES)('8 x 1 rows a step train as 1 x 8 and 3 x 3 as 9 x 1: %s', async name => {
  const trajectory = trajectoryOf(name);
  const told = (batchSize: number, accumulation: number) => {
    const training = { ...trajectory.run.training, batchSize, accumulation };
    return trained(trajectory, { ...trajectory.run, training });
  };
  for (const [one, other] of [
    [await told(8, 1), await told(1, 8)],
    [await told(9, 1), await told(3, 3)],
  ] as const) {
    expect(one.steps).toHaveLength(other.steps.length);
    for (const [index, { loss, gradientNorm, examplesSeen, tokensSeen, accuracy }] of one.steps.entries()) {
      const same = other.steps[index];
      expect(same).toMatchObject({ examplesSeen, tokensSeen });
      expect(same?.accuracy).toBe(accuracy);
      expect(relativeDifference(same?.loss ?? Number.NaN, loss ?? Number.NaN)).toBeLessThan(TOLERANCE);
      expect(relativeDifference(same?.gradientNorm ?? Number.NaN, gradientNorm ?? Number.NaN)).toBeLessThan(TOLERANCE);
    }
  }
});
