import { reshape } from './layout.ts';
import { formatShape, type Dimension, sameShape } from '../dimension.ts';
import { commonType, expectShape, expectType, GraphError, int, node, string, type Tensor } from '../graph.ts';

/** Rows of a table: table [R, ..rest], ids int64 or int32 of any shape → [..ids, ..rest]. */
export function gather(table: Tensor, ids: Tensor): Tensor {
  expectType('Gather', 'ids', ids, 'int64', 'int32');
  return node('Gather', [table, ids], { type: table.type, shape: [...ids.shape, ...table.shape.slice(1)] });
}

/** Puts rows at places of x that are all different: x [R, ..rest], places int64 [N], rows [N, ..rest] → x's shape. */
export const putRows = (x: Tensor, places: Tensor, rows: Tensor): Tensor => scattered(x, places, rows, 'none');

/**
 * Adds rows at places of x, of which some may be the same. On CUDA each sum is whole, in any order; the CPU's kernel loses
 * some with more than one thread, so that there rows are better added outside of the graph.
 */
export const addRows = (x: Tensor, places: Tensor, rows: Tensor): Tensor => scattered(x, places, rows, 'add');

function scattered(x: Tensor, places: Tensor, rows: Tensor, reduction: 'none' | 'add'): Tensor {
  commonType('ScatterND', x, rows);
  expectType('ScatterND', 'places', places, 'int64');
  expectShape('ScatterND', 'rows', rows, [...places.shape, ...x.shape.slice(1)], x);
  const tuples = reshape(places, [...places.shape, 1]);
  const attributes = { reduction: string(reduction) };
  return node('ScatterND', [x, tuples, rows], { type: x.type, shape: x.shape }, { attributes });
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
