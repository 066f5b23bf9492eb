import type { TrainingSpec } from '../protocol/run/spec.ts';

type ScheduleSpec = Pick<TrainingSpec, 'learningRate' | 'schedule' | 'warmupSteps' | 'warmupRatio'>;

/** What is left of the rate at a share of the way, 0 to 1, from the end of the warm-up to the last step. */
const DECAYS: Readonly<Record<TrainingSpec['schedule'], (share: number) => number>> = {
  constant: () => 1,
  linear: share => 1 - share,
  cosine: share => (1 + Math.cos(Math.PI * share)) / 2,
};

/**
 * The learning rate of each step, counted from 0: a linear warm-up, then the decay, as transformers' get_scheduler has
 * them (transformers/optimization.py). The first step of a warm-up has rate 0.
 */
export function scheduleOf(spec: ScheduleSpec, totalSteps: number): (step: number) => number {
  const { learningRate, schedule, warmupSteps, warmupRatio } = spec;
  const warmup = warmupRatio === null ? warmupSteps : Math.ceil(warmupRatio * totalSteps);
  const decaySteps = Math.max(1, totalSteps - warmup);
  return step => {
    if (step < warmup) return learningRate * (step / warmup);
    return learningRate * Math.max(0, DECAYS[schedule](Math.min(1, (step - warmup) / decaySteps)));
  };
}
