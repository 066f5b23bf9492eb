import {
  broadcastShapes,
  type Dimension,
  formatShape,
  sameElements,
  sameShape,
  type Shape,
  sizeAt,
  sumDimensions,
} from '../dimension.ts';
import { commonType, expectShape, expectType, type Graph, GraphError, int, ints, node, type Tensor } from '../graph.ts';

/** The same elements in another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (!sameElements(x.shape, shape)) {
    throw new GraphError(`Reshape: ${formatShape(x.shape)} does not hold as many elements as ${formatShape(shape)}`);
  }
  const sizes = shape.map((size, axis) => (typeof size === 'number' ? size : size === x.shape[axis] ? 0 : -1));
  const open = sizes.filter(size => size === -1).length;
  const known = open > 1 ? sizesOf(x.graph, shape) : x.graph.integers(sizes);
  return node('Reshape', [x, known], { type: x.type, shape });
}

/** x repeated along axes of size 1, and along new ones in front. */
export function expand(x: Tensor, shape: Shape): Tensor {
  const result = broadcastShapes(x.shape, shape);
  if (!result || !sameShape(result, shape)) {
    throw new GraphError(`Expand: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`);
  }
  return node('Expand', [x, sizesOf(x.graph, shape)], { type: x.type, shape });
}

/** One number everywhere. */
export const filled = (graph: Graph, shape: Shape, value: number): Tensor => expand(graph.scalar(value), shape);

/** A shape as numbers when the graph runs, int64 [rank]: each symbol is the size of an input that has it. */
export function sizesOf(graph: Graph, shape: Shape): Tensor {
  if (shape.every(size => typeof size === 'number')) return graph.integers(shape);
  return concat(
    shape.map(size => (typeof size === 'number' ? graph.integers([size]) : symbolSize(graph, size))),
    0,
  );
}

function symbolSize(graph: Graph, symbol: string): Tensor {
  for (const input of graph.around.flatMap(({ inputs }) => inputs)) {
    const axis = input.shape.indexOf(symbol);
    if (axis !== -1) return sizeOf(input, axis);
  }
  throw new GraphError(`no input has an axis of size ${symbol}`);
}

/** Joined along `axis`; the other sizes must agree. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (!first) throw new GraphError('Concat: nothing to join');
  const rest = (shape: Shape): string => formatShape(shape.with(axis, '·'));
  for (const { shape } of tensors) {
    if (shape.length !== first.shape.length || rest(shape) !== rest(first.shape)) {
      throw new GraphError(`Concat: ${formatShape(first.shape)} and ${formatShape(shape)} differ beside axis ${axis}`);
    }
  }
  const total = tensors.map(({ shape }) => sizeAt(shape, axis)).reduce(sumDimensions);
  const type = commonType('Concat', ...tensors);
  return node('Concat', tensors, { type, shape: first.shape.with(axis, total) }, { attributes: { axis: int(axis) } });
}

/** Cut along `axis` into parts of the given sizes. Symbolic sizes come with `lengths`, an int64 [parts] that has them. */
export function split(x: Tensor, axis: number, sizes: readonly Dimension[], lengths?: Tensor): Tensor[] {
  const total = sizes.reduce(sumDimensions);
  if (total !== sizeAt(x.shape, axis)) {
    throw new GraphError(`Split: parts ${sizes.join(' + ')} of axis ${axis} of ${formatShape(x.shape)}`);
  }
  if (lengths) {
    expectType('Split', 'lengths', lengths, 'int64');
    expectShape('Split', 'lengths', lengths, [sizes.length]);
  } else if (!sizes.every(size => typeof size === 'number')) {
    throw new GraphError(`Split: ${formatShape(x.shape)} into ${formatShape(sizes)}, whose lengths are not known`);
  }
  const known = lengths ?? x.graph.integers(sizes as readonly number[]);
  const results = sizes.map(size => ({ type: x.type, shape: x.shape.with(axis, size) }));
  return x.graph.node('Split', [x, known], results, { attributes: { axis: int(axis) } });
}

/** The first `count` along the last axis. */
export function firstColumns(x: Tensor, count: number): Tensor {
  const columns = sizeAt(x.shape, -1);
  if (typeof columns === 'number' && columns < count) {
    throw new GraphError(`Slice: ${formatShape(x.shape)} has no ${count} columns`);
  }
  const [starts, ends, axes] = [[0], [count], [x.shape.length - 1]].map(values => x.graph.integers(values));
  return node('Slice', [x, starts, ends, axes] as Tensor[], { type: x.type, shape: x.shape.with(-1, count) });
}

/** The size of x along `axis` when the graph runs: int64 [1]. */
export function sizeOf(x: Tensor, axis: number): Tensor {
  const start = axis < 0 ? axis + x.shape.length : axis; // an end of 0 would be before the last axis
  sizeAt(x.shape, start);
  return node('Shape', [x], { type: 'int64', shape: [1] }, { attributes: { start: int(start), end: int(start + 1) } });
}

/** Axes in another order: axis i of the result is axis `order[i]` of x. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  if (order.length !== axes.length || !axes.every(axis => order.includes(axis))) {
    throw new GraphError(`Transpose: order ${formatShape(order)} of ${formatShape(x.shape)}`);
  }
  const shape = order.map(axis => sizeAt(x.shape, axis));
  return node('Transpose', [x], { type: x.type, shape }, { attributes: { perm: ints(order) } });
}
