import { commonType, expectShape, expectType, float, FLOATS, int, node, type Tensor } from '../graph.ts';
import { sizeAt } from '../dimension.ts';

/** Over the last axis. */
export function softmax(x: Tensor): Tensor {
  expectType('Softmax', 'input', x, ...FLOATS);
  return node('Softmax', [x], { type: x.type, shape: x.shape }, { attributes: { axis: int(-1) } });
}

/** Layer normalization over the last axis (Ba et al. 2016): x [.., D], scale [D], bias [D] → [.., D]. */
export function layerNorm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  const type = commonType('LayerNormalization', x, scale, bias);
  expectType('LayerNormalization', 'input', x, ...FLOATS);
  const width = sizeAt(x.shape, -1);
  expectShape('LayerNormalization', 'scale', scale, [width], x);
  expectShape('LayerNormalization', 'bias', bias, [width], x);
  const attributes = { axis: int(-1), epsilon: float(epsilon) };
  return node('LayerNormalization', [x, scale, bias], { type, shape: x.shape }, { attributes });
}
