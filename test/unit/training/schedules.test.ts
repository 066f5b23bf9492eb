import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TrainingSpec } from '../../../src/protocol/run/spec.ts';
import { scheduleOf } from '../../../src/training/schedules.ts';

interface Case {
  readonly spec: Pick<TrainingSpec, 'learningRate' | 'schedule' | 'warmupSteps' | 'warmupRatio'>;
  readonly totalSteps: number;
  readonly rates: readonly number[];
}

const cases = JSON.parse(readFileSync('test/unit/training/fixtures/schedules.json', 'utf8')) as Case[];

test.each(cases)(
  '$spec.schedule, warm-up of $spec.warmupSteps steps or $spec.warmupRatio',
  ({ spec, totalSteps, rates }) => {
    const rateAt = scheduleOf(spec, totalSteps);
    expect(rates.length).toBe(totalSteps);
    for (const [step, rate] of rates.entries()) expect(rateAt(step)).toBeCloseTo(rate, 12);
  },
);
