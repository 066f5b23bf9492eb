import type { Tensor } from '../../onnx/graph.ts';
import { add, cast, greater, minimum, multiply, not, subtract } from '../../onnx/operators/elementwise.ts';
import { pick } from '../../onnx/operators/indexing.ts';
import { concat, filled, reshape } from '../../onnx/operators/layout.ts';
import { countTrue } from '../../onnx/operators/matrix.ts';
import { cumulativeSum, reduceSum } from '../../onnx/operators/reductions.ts';

/**
 * How many leading weights of each row have a sum of at most the row's goal: weights float64 [N, V], none below 0, goal
 * [N, 1] → int64 [N, 1]; at least V where all together do not exceed it.
 *
 * CUDA's CumSum adds up for each element anew all that come before it. So the row is seen as blocks of √V elements: first
 * the block is found in which the goal lies, then the place in it.
 */
export function leadingSums(weights: Tensor, goal: Tensor): Tensor {
  const { graph } = weights;
  const [rows, columns] = weights.shape as [string, number];
  const size = Math.ceil(Math.sqrt(columns));
  const blocks = Math.ceil(columns / size);
  const missing = blocks * size - columns;
  const padding = missing > 0 ? [cast(filled(graph, [rows, missing], 0), 'float64')] : [];
  const all = concat([weights, ...padding], 1);
  const ofBlocks = reshape(reduceSum(reshape(all, [rows, blocks, size]), [2]), [rows, blocks]);
  const upToBlocks = cumulativeSum(ofBlocks, 1); // [N, blocks]
  const block = minimum(countAtMost(upToBlocks, goal), graph.integers([blocks - 1]));
  const before = pick(subtract(upToBlocks, ofBlocks), block); // [N, 1]
  const first = multiply(block, graph.integers([size]));
  const own = add(
    first,
    graph.integers(
      Array.from({ length: size }, (_, place) => place),
      [1, size],
    ),
  ); // [N, size]
  return add(first, countAtMost(add(cumulativeSum(pick(all, own), 1), before), goal));
}

const countAtMost = (sums: Tensor, goal: Tensor): Tensor => cast(countTrue(not(greater(sums, goal))), 'int64');
