import { formatShape, type Dimension, sameShape } from '../dimension.ts';
import { expectShape, expectType, GraphError, int, node, type Tensor } from '../graph.ts';

/** Rows of a table: table [R, ..rest], ids int64 of any shape → [..ids, ..rest]. */
export function gather(table: Tensor, ids: Tensor): Tensor {
  expectType('Gather', 'ids', ids, 'int64');
  return node('Gather', [table, ids], { type: table.type, shape: [...ids.shape, ...table.shape.slice(1)] });
}

/** Chosen elements of each row: x [N, V], columns int64 [N, K] → [N, K]. */
export function pick(x: Tensor, columns: Tensor): Tensor {
  expectType('GatherElements', 'columns', columns, 'int64');
  if (columns.shape.length !== x.shape.length || !sameShape(columns.shape.slice(0, -1), x.shape.slice(0, -1))) {
    throw new GraphError(`GatherElements: columns ${formatShape(columns.shape)} for ${formatShape(x.shape)}`);
  }
  const attributes = { axis: int(x.shape.length - 1) };
  return node('GatherElements', [x, columns], { type: x.type, shape: columns.shape }, { attributes });
}

/** The largest `count` (an int64 [1]) along the last axis, largest first, equal values by rising index. */
export function topK(x: Tensor, count: Tensor, size: Dimension): { values: Tensor; indices: Tensor } {
  expectType('TopK', 'count', count, 'int64');
  expectShape('TopK', 'count', count, [1]);
  const shape = x.shape.with(-1, size);
  const results = [
    { type: x.type, shape },
    { type: 'int64' as const, shape },
  ];
  const [values, indices] = x.graph.node('TopK', [x, count], results) as [Tensor, Tensor];
  return { values, indices };
}
