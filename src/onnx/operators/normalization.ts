import { expectSize, float, int, node, type Tensor } from '../graph.ts';
import { sizeAt } from '../dimension.ts';

/** Over the last axis. */
export const softmax = (x: Tensor): Tensor =>
  node('Softmax', [x], { type: x.type, shape: x.shape }, { attributes: { axis: int(-1) } });

/** Layer normalization over the last axis (Ba et al. 2016): x [.., D], scale [D], bias [D] → [.., D]. */
export function layerNorm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  const width = sizeAt(x.shape, -1);
  expectSize('LayerNormalization', 'scale', scale, 0, width);
  expectSize('LayerNormalization', 'bias', bias, 0, width);
  const attributes = { axis: int(-1), epsilon: float(epsilon) };
  return node('LayerNormalization', [x, scale, bias], { type: x.type, shape: x.shape }, { attributes });
}
