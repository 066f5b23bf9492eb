import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/protocol/run/defaults.ts';
import type { TrainingSpec } from '../../../src/protocol/run/spec.ts';
import { planOf } from '../../../src/training/plan.ts';

const plan = (rows: number, changes: Partial<TrainingSpec>) =>
  planOf({ ...DEFAULTS.training, batchSize: 4, accumulation: 2, ...changes }, rows);
const steps = (last: number, when: (step: number) => boolean): number[] => [...Array(last + 1).keys()].filter(when);

describe('steps', () => {
  test.each<[number, Partial<TrainingSpec>, number, number]>([
    [16, {}, 2, 4],
    [17, {}, 3, 6],
    [17, { dropLast: true }, 2, 4],
    [17, { epochs: 1.5 }, 3, 5],
    [17, { maxSteps: 10 }, 3, 10],
    [3, {}, 1, 2],
  ])('%i rows with %j: %i an epoch, %i in all', (rows, changes, stepsPerEpoch, totalSteps) => {
    expect(plan(rows, changes)).toMatchObject({ stepsPerEpoch, totalSteps });
  });

  test.each<[number, Partial<TrainingSpec>]>([
    [7, { dropLast: true }],
    [0, {}],
  ])('%i rows with %j make no step, which is told', (rows, changes) => {
    expect(() => plan(rows, changes)).toThrow(`${rows} rows for training, 8 of them a step`);
  });
});

describe('what happens when', () => {
  test.each<[Partial<TrainingSpec>, number[]]>([
    [{ evaluateEvery: 4 }, [0, 4, 8, 10]],
    [{ evaluateEvery: 'epoch' }, [0, 3, 6, 9, 10]],
    [{ evaluateEvery: 50 }, [0, 10]],
  ])('%j evaluates after %j of 10 steps', (changes, expected) => {
    const { evaluatesAfter } = plan(17, { maxSteps: 10, ...changes });
    expect(steps(10, evaluatesAfter)).toEqual(expected);
  });

  test.each<[Partial<TrainingSpec>, number[]]>([
    [{ checkpointEvery: 4 }, [4, 8]],
    [{ checkpointEvery: 'epoch' }, [3, 6, 9]],
    [{ checkpointEvery: 200 }, []],
  ])('%j saves after %j of 10 steps', (changes, expected) => {
    const { checkpointsAfter } = plan(17, { maxSteps: 10, ...changes });
    expect(steps(10, checkpointsAfter)).toEqual(expected);
  });

  test('logs each step that is asked for, the ends of epochs and the last', () => {
    const { logs } = plan(17, { maxSteps: 10, logEvery: 4 });
    expect(steps(10, step => step > 0 && logs(step))).toEqual([3, 4, 6, 8, 9, 10]);
  });
});
