import type { Parameter } from '../learner.ts';
import { decayOf, momentOf, type Optimizer, type OptimizerSpec } from './optimizer.ts';

/** Stochastic gradient descent as torch.optim.SGD computes it: decay is part of the gradient, and momentum of the sum. */
export function sgd(parameters: readonly Parameter[], spec: OptimizerSpec): Optimizer {
  const { momentum } = spec;
  const states = parameters.map(parameter => ({
    parameter,
    decay: decayOf(parameter, spec),
    moment: momentum === 0 ? undefined : momentOf('momentum_buffer', parameter),
  }));
  return {
    moments: states.flatMap(({ moment }) => moment ?? []),
    step(_update, learningRate, gradientScale) {
      for (const { parameter, decay, moment } of states) {
        const factors = { learningRate, gradientScale, decay, momentum };
        if (moment) advanceWithMomentum(parameter, moment.values, factors);
        else advance(parameter, factors);
      }
    },
  };
}

interface Factors {
  readonly learningRate: number;
  readonly gradientScale: number;
  readonly decay: number;
  readonly momentum: number;
}

function advance({ values, gradient }: Parameter, { learningRate, gradientScale, decay }: Factors): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    values[i] = value - learningRate * ((gradient[i] as number) * gradientScale + decay * value);
  }
}

/** From a buffer of zeros the first sum is the first gradient, as PyTorch starts it. */
function advanceWithMomentum(
  { values, gradient }: Parameter,
  sums: Float32Array,
  { learningRate, gradientScale, decay, momentum }: Factors,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const sum = momentum * (sums[i] as number) + (gradient[i] as number) * gradientScale + decay * value;
    sums[i] = sum;
    values[i] = value - learningRate * sum;
  }
}
