import { formatShape, type Dimension, sizeAt } from '../dimension.ts';
import { commonType, expectSize, float, GraphError, int, node, type Tensor } from '../graph.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** What the products of queries and keys are multiplied by. */
  readonly scale: number;
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017): softmax(scale · q kᵀ + mask) v for each head.
 * q [B, S, D], k and v [B, T, D] with the heads side by side in D, mask [S, T] added to the scores → [B, S, D].
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, { heads, scale }: AttentionOptions): Tensor {
  const type = commonType('Attention', q, k, v, mask);
  const [rows, columns] = [sizeAt(q.shape, 1), sizeAt(k.shape, 1)];
  expectSize('Attention', 'values', v, 1, columns);
  expectSize('Attention', 'mask', mask, 0, rows);
  expectSize('Attention', 'mask', mask, 1, columns);
  const width = widthOf(q);
  if (widthOf(k) !== width || widthOf(v) !== width || width % heads !== 0) {
    throw new GraphError(`Attention: ${[q, k, v].map(({ shape }) => formatShape(shape)).join(', ')} in ${heads} heads`);
  }
  const attributes = { q_num_heads: int(heads), kv_num_heads: int(heads), scale: float(scale) };
  return node('Attention', [q, k, v, mask], { type, shape: q.shape }, { attributes });
}

function widthOf({ shape }: Tensor): number {
  const width: Dimension = sizeAt(shape, 2);
  if (typeof width !== 'number') throw new GraphError(`Attention: the width of ${formatShape(shape)} is not known`);
  return width;
}
