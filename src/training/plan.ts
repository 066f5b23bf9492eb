import { Reasoned } from '../protocol/result.ts';
import type { TrainingSpec } from '../protocol/run/spec.ts';

type PlanSpec = Pick<
  TrainingSpec,
  'epochs' | 'maxSteps' | 'batchSize' | 'accumulation' | 'dropLast' | 'evaluateEvery' | 'checkpointEvery' | 'logEvery'
>;

/** What happens when. Steps are counted as they are done: after step 0 nothing is trained yet. */
export interface Plan {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  evaluatesAfter(step: number): boolean;
  checkpointsAfter(step: number): boolean;
  logs(step: number): boolean;
  endsEpoch(step: number): boolean;
}

/** @throws Reasoned `no-steps` where the rows make none. */
export function planOf(spec: PlanSpec, rows: number): Plan {
  const { batchSize, accumulation, dropLast, evaluateEvery, checkpointEvery, logEvery } = spec;
  const exact = rows / (batchSize * accumulation);
  const stepsPerEpoch = dropLast ? Math.floor(exact) : Math.ceil(exact);
  const totalSteps = spec.maxSteps ?? Math.ceil(spec.epochs * stepsPerEpoch);
  if (stepsPerEpoch === 0 || totalSteps === 0) throw noSteps(spec, rows);
  const endsEpoch = (step: number): boolean => step > 0 && step % stepsPerEpoch === 0;
  const due = (every: number | 'epoch', step: number) => (every === 'epoch' ? endsEpoch(step) : step % every === 0);
  return {
    stepsPerEpoch,
    totalSteps,
    endsEpoch,
    // Before the first step, and after the last whatever the interval: a curve has its two ends.
    evaluatesAfter: step => step === 0 || step === totalSteps || due(evaluateEvery, step),
    checkpointsAfter: step => step > 0 && due(checkpointEvery, step),
    logs: step => step % logEvery === 0 || step === totalSteps || endsEpoch(step),
  };
}

function noSteps({ batchSize, accumulation, dropLast }: PlanSpec, rows: number): Reasoned {
  const dropped = dropLast && rows > 0 ? `, and training.dropLast leaves out what does not fill a step` : '';
  return new Reasoned(
    'no-steps',
    `There is nothing to train on: ${rows} rows for training, ${batchSize * accumulation} of them a step${dropped}.`,
    'Give more rows, or make training.batchSize and training.accumulation smaller.',
  );
}
