import { formatShape, type Dimension, sizeAt } from '../dimension.ts';
import { commonType, expectShape, expectType, float, FLOATS, GraphError, int, node, type Tensor } from '../graph.ts';

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
  expectType('Attention', 'queries', q, ...FLOATS);
  expectShape('Attention', 'queries', q, ['·', '·', '·']);
  expectShape('Attention', 'keys', k, [sizeAt(q.shape, 0), '·', sizeAt(q.shape, 2)], q);
  expectShape('Attention', 'values', v, k.shape, k);
  expectShape('Attention', 'mask', mask, [sizeAt(q.shape, 1), sizeAt(k.shape, 1)], k);
  const width: Dimension = sizeAt(q.shape, 2);
  if (typeof width !== 'number' || width % heads !== 0) {
    throw new GraphError(`Attention: the width of ${formatShape(q.shape)} is not a multiple of ${heads} heads`);
  }
  const attributes = { q_num_heads: int(heads), kv_num_heads: int(heads), scale: float(scale) };
  return node('Attention', [q, k, v, mask], { type, shape: q.shape }, { attributes });
}
