import type { Tensor } from '../../onnx/graph.ts';
import { add, divide, multiply, scale, sqrt, square, subtract } from '../../onnx/operators/elementwise.ts';
import type { TrainingSpec } from '../../protocol/run/spec.ts';
import type { OptimizerSpec } from '../optimizer/optimizer.ts';

/** A parameter in a graph that takes steps: its values, its clipped gradient, and what is remembered of those before. */
export interface Updated {
  readonly values: Tensor;
  readonly gradient: Tensor;
  readonly memory: readonly Tensor[];
  readonly decay: number;
  /** The update's own numbers, by name: []. */
  readonly numbers: Readonly<Record<string, Tensor>>;
}

/** An optimizer of ../optimizer/ as nodes of a graph, with the same memory under the same names. */
export interface GraphOptimizer {
  /** What it remembers of each parameter: the beginnings of the names of its memory. */
  memory(spec: OptimizerSpec): readonly string[];
  /** What each update is given, computed outside in double precision. `update` counts from 1. */
  numbers(spec: OptimizerSpec, update: number, learningRate: number): Readonly<Record<string, number>>;
  /** The parameter's next values and memory. */
  advance(spec: OptimizerSpec, updated: Updated): { readonly values: Tensor; readonly memory: readonly Tensor[] };
}

export const GRAPH_OPTIMIZERS: Readonly<Record<TrainingSpec['optimizer'], GraphOptimizer>> = {
  adamw: {
    memory: () => ['exp_avg', 'exp_avg_sq'],
    numbers: ({ betas: [beta1, beta2] }, update, rate) => ({
      rate,
      stepSize: rate / (1 - beta1 ** update),
      rootScale: 1 / Math.sqrt(1 - beta2 ** update),
    }),
    advance({ betas: [beta1, beta2], epsilon }, { values, gradient, memory, decay, numbers }) {
      const { rate, stepSize, rootScale } = numbers as Record<'rate' | 'stepSize' | 'rootScale', Tensor>;
      const [averages, squares] = memory as [Tensor, Tensor];
      const average = add(scale(averages, beta1), scale(gradient, 1 - beta1));
      const meanSquare = add(scale(squares, beta2), scale(square(gradient), 1 - beta2));
      const root = add(multiply(sqrt(meanSquare), rootScale), values.graph.scalar(epsilon));
      const change = divide(multiply(average, stepSize), root);
      return { values: subtract(values, withDecay(change, values, rate, decay)), memory: [average, meanSquare] };
    },
  },
  sgd: {
    memory: ({ momentum }) => (momentum === 0 ? [] : ['momentum_buffer']),
    numbers: (_spec, _update, rate) => ({ rate }),
    advance({ momentum }, { values, gradient, memory: [sums], decay, numbers: { rate } }) {
      const decayed = decay === 0 ? gradient : add(gradient, scale(values, decay));
      const sum = sums ? add(scale(sums, momentum), decayed) : decayed;
      return { values: subtract(values, multiply(sum, rate as Tensor)), memory: sums ? [sum] : [] };
    },
  },
};

/** The decay is added to the change first: of 1 - rate · decay float32 would keep too little. */
const withDecay = (change: Tensor, values: Tensor, rate: Tensor, decay: number): Tensor =>
  decay === 0 ? change : add(change, multiply(values, scale(rate, decay)));
