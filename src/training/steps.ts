import type { TrainingSpec } from '../protocol/run/spec.ts';
import { meansOf, total } from './figures.ts';
import type { Learner, Step, StepTaker, TakenStep } from './learner.ts';
import { clipScale, gradientNorm } from './optimizer/clipping.ts';
import type { Optimizer } from './optimizer/optimizer.ts';

export interface InPlace {
  readonly spec: Pick<TrainingSpec, 'seed' | 'maxGradientNorm'>;
  readonly learner: Learner;
  readonly optimizer: Optimizer;
  /** A moment between two native calls, in which timers and signals have their turn. */
  breathe(): Promise<void>;
}

/**
 * Steps one by one: gradients come out of the learner, and the optimizer changes the parameters where they lie. A step
 * whose loss or gradient is no number changes nothing.
 */
export function stepsInPlace({ spec, learner, optimizer, breathe }: InPlace): StepTaker {
  async function accumulated({ number, batches }: Step): Promise<TakenStep> {
    const units = total(batches.map(batch => learner.unitsOf(batch)));
    const figures = [];
    for (const [microBatch, batch] of batches.entries()) {
      if (microBatch > 0) await breathe();
      figures.push(await learner.accumulate(batch, units, { seed: spec.seed, step: number, microBatch }));
    }
    return { figures, gradientNorm: gradientNorm(learner.parameters) };
  }
  return {
    atOnce: 1,
    async take(steps) {
      const taken = [];
      for (const step of steps) {
        const { figures, gradientNorm } = await accumulated(step);
        taken.push({ figures, gradientNorm });
        if (!Number.isFinite(meansOf(figures).loss) || !Number.isFinite(gradientNorm)) break;
        optimizer.step(step.number, step.learningRate, clipScale(gradientNorm, spec.maxGradientNorm));
        learner.clearGradients();
      }
      return taken;
    },
  };
}
