import type { Graph, Node, Tensor } from '../../onnx/graph.ts';
import { multiply, subtract } from '../../onnx/operators/elementwise.ts';
import { expand } from '../../onnx/operators/layout.ts';
import { reduceMean, reduceSum } from '../../onnx/operators/reductions.ts';
import type { GradientRules } from '../rule.ts';

export const normalization: GradientRules = {
  ReduceSum: ({ grad, inputs: [x] }) => [() => expand(grad, x.shape), null],
  Softmax: ({ grad, output: p }) => [
    () => {
      const weighted = multiply(grad, p);
      return subtract(weighted, multiply(p, reduceSum(weighted, [p.shape.length - 1])));
    },
  ],
  /** Of y = z · scale + bias with z = (x - mean) / deviation. The kernel gives mean and 1 / deviation on demand. */
  LayerNormalization: ({ graph, node, grad, inputs: [x, scale] }) => {
    const last = [x.shape.length - 1];
    const { mean, perDeviation } = moments(graph, node, x);
    const z = multiply(subtract(x, mean), perDeviation);
    return [
      () => {
        const scaled = multiply(grad, scale);
        const along = multiply(z, reduceMean(multiply(scaled, z), last));
        return multiply(subtract(subtract(scaled, reduceMean(scaled, last)), along), perDeviation);
      },
      () => multiply(grad, z),
      () => grad,
    ];
  },
};

function moments(graph: Graph, node: Node, x: Tensor): { readonly mean: Tensor; readonly perDeviation: Tensor } {
  if (node.outputs.length === 1) {
    const each = { type: x.type, shape: x.shape.with(-1, 1) };
    graph.extend(node, [each, each]);
  }
  const [, mean, perDeviation] = node.outputs as [Tensor, Tensor, Tensor];
  return { mean, perDeviation };
}
