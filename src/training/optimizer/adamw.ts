import type { Parameter } from '../learner.ts';
import { decayOf, momentOf, type Optimizer, type OptimizerSpec } from './optimizer.ts';

/** What an update multiplies by, alike for all elements of a tensor. */
interface Factors {
  readonly gradientScale: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1 - learning rate x decay. */
  readonly kept: number;
  /** The learning rate, with the first moment's bias corrected. */
  readonly stepSize: number;
  /** 1 / sqrt of the second moment's bias correction. */
  readonly rootScale: number;
  readonly epsilon: number;
}

/** AdamW, Loshchilov and Hutter 2019, as torch.optim.AdamW computes it: decay apart from the gradient, epsilon after the root. */
export function adamw(parameters: readonly Parameter[], spec: OptimizerSpec): Optimizer {
  const { epsilon } = spec;
  const [beta1, beta2] = spec.betas;
  const states = parameters.map(parameter => ({
    parameter,
    decay: decayOf(parameter, spec),
    average: momentOf('exp_avg', parameter),
    square: momentOf('exp_avg_sq', parameter),
  }));
  return {
    moments: states.flatMap(({ average, square }) => [average, square]),
    step(update, learningRate, gradientScale) {
      const stepSize = learningRate / (1 - beta1 ** update);
      const rootScale = 1 / Math.sqrt(1 - beta2 ** update);
      for (const { parameter, decay, average, square } of states) {
        const kept = 1 - learningRate * decay;
        const factors = { gradientScale, beta1, beta2, kept, stepSize, rootScale, epsilon };
        advance(parameter.values, parameter.gradient, average.values, square.values, factors);
      }
    },
  };
}

/** One pass over memory, in place: a pass for each operation would take several times as long. */
function advance(
  values: Float32Array,
  gradient: Float32Array,
  averages: Float32Array,
  squares: Float32Array,
  { gradientScale, beta1, beta2, kept, stepSize, rootScale, epsilon }: Factors,
): void {
  const new1 = 1 - beta1;
  const new2 = 1 - beta2;
  for (let i = 0; i < values.length; i++) {
    const g = (gradient[i] as number) * gradientScale;
    const average = beta1 * (averages[i] as number) + new1 * g;
    const square = beta2 * (squares[i] as number) + new2 * g * g;
    averages[i] = average;
    squares[i] = square;
    values[i] = (values[i] as number) * kept - (stepSize * average) / (Math.sqrt(square) * rootScale + epsilon);
  }
}
