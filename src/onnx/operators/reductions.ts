import { type Dimension, formatShape } from '../dimension.ts';
import { expectType, flag, FLOATS, GraphError, node, type Tensor } from '../graph.ts';

/** Over axes counted from 0, each of which stays as an axis of size 1. */
type Reduction = (x: Tensor, axes: readonly number[]) => Tensor;

function reduction(operator: string): Reduction {
  return (x, axes) => {
    expectType(operator, 'input', x, ...FLOATS);
    if (axes.length === 0 || axes.some(axis => x.shape[axis] === undefined)) {
      throw new GraphError(`${operator}: axes ${formatShape(axes)} of ${formatShape(x.shape)}`);
    }
    const shape = x.shape.map((size, axis): Dimension => (axes.includes(axis) ? 1 : size));
    return node(
      operator,
      [x, x.graph.integers(axes)],
      { type: x.type, shape },
      { attributes: { keepdims: flag(true) } },
    );
  };
}

export const reduceSum = reduction('ReduceSum');
export const reduceSumSquare = reduction('ReduceSumSquare');
export const reduceMean = reduction('ReduceMean');
export const reduceMax = reduction('ReduceMax');

/** Along `axis`, the sum of everything up to and with each element. */
export const cumulativeSum = (x: Tensor, axis: number): Tensor =>
  node('CumSum', [x, x.graph.integers([axis], [])], { type: x.type, shape: x.shape });
