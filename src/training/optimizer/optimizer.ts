import type { TrainingSpec } from '../../protocol/run/spec.ts';
import type { Parameter } from '../learner.ts';

/** A tensor of an optimizer's memory, live. */
export interface Moment {
  /** What it is, and of which parameter: `exp_avg.transformer.h.0.attn.c_attn.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Changes parameters in place, and keeps what it must remember of their gradients in place too. */
export interface Optimizer {
  readonly moments: readonly Moment[];
  /**
   * One update from the gradients as they stand, each multiplied by `gradientScale` first.
   * @param update its number, from 1
   */
  step(update: number, learningRate: number, gradientScale: number): void;
}

export type OptimizerSpec = Pick<
  TrainingSpec,
  'optimizer' | 'momentum' | 'betas' | 'epsilon' | 'weightDecay' | 'decay'
>;

/** A tensor of zeros, to remember something of a parameter's gradients in. */
export const momentOf = (kind: string, { name, shape, values }: Parameter): Moment => ({
  name: `${kind}.${name}`,
  shape,
  values: new Float32Array(values.length),
});

/** The weight decay of a parameter: biases and the scales of norms have none unless all decay. */
export const decayOf = ({ shape }: Pick<Parameter, 'shape'>, { weightDecay, decay }: OptimizerSpec): number =>
  decay === 'all' || shape.length >= 2 ? weightDecay : 0;
