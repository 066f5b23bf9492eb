import type { Parameter } from '../learner.ts';
import { advanceAdamw } from './kernels/kernels.ts';
import { decayOf, momentOf, type Optimizer, type OptimizerSpec } from './optimizer.ts';

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
        const { values, gradient } = parameter;
        advanceAdamw({ values, gradient, averages: average.values, squares: square.values }, factors);
      }
    },
  };
}
