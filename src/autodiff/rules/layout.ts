import type { Node } from '../../onnx/graph.ts';
import { concat, reshape, split, sizeOf, transpose } from '../../onnx/operators/layout.ts';
import { sizeAt } from '../../onnx/dimension.ts';
import type { GradientRules } from '../rule.ts';

const axisOf = (node: Node): number => (node.attributes['axis'] as { int: number }).int;

export const layout: GradientRules = {
  Reshape: ({ grad, inputs: [x] }) => [() => reshape(grad, x.shape), null],
  Transpose: ({ grad, node }) => {
    const order = (node.attributes['perm'] as { ints: readonly number[] }).ints;
    return [
      () =>
        transpose(
          grad,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ];
  },
  Expand: ({ grad }) => [() => grad, null],
  Split: ({ grads, node }) => [() => concat(grads, axisOf(node)), null],
  Concat: ({ grad, node }) => {
    const axis = axisOf(node);
    const lengths = concat(
      node.inputs.map(input => sizeOf(input, axis)),
      0,
    );
    const sizes = node.inputs.map(({ shape }) => sizeAt(shape, axis));
    const parts = node.inputs.length === 1 ? [grad] : split(grad, axis, sizes, lengths);
    return parts.map(part => () => part);
  },
};
