import { formatShape, sameShape, type Shape } from '../onnx/dimension.ts';
import { GraphError, type Tensor } from '../onnx/graph.ts';
import { expand, reshape } from '../onnx/operators/layout.ts';
import { reduceSum } from '../onnx/operators/reductions.ts';

/** A gradient in the shape of what it belongs to: summed where that was repeated, repeated where it was summed. */
export function unbroadcast(grad: Tensor, shape: Shape): Tensor {
  if (sameShape(grad.shape, shape)) return grad;
  const inFront = grad.shape.length - shape.length;
  const repeated = grad.shape.flatMap((size, axis) => {
    const own = axis < inFront ? 1 : shape[axis - inFront];
    return axis < inFront || (own === 1 && size !== 1) ? [axis] : [];
  });
  const summed = repeated.length === 0 ? grad : reduceSum(grad, repeated);
  const result = inFront > 0 ? reshape(summed, summed.shape.slice(inFront)) : summed;
  if (sameShape(result.shape, shape)) return result;
  if (result.shape.every((size, axis) => size === 1 || size === shape[axis])) return expand(result, shape);
  throw new GraphError(`a gradient ${formatShape(grad.shape)} of a tensor of shape ${formatShape(shape)}`);
}
