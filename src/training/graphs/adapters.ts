import type { Projection } from '../../gpt2/parameters.ts';
import type { Tensor } from '../../onnx/graph.ts';
import { add, scale } from '../../onnx/operators/elementwise.ts';
import { linear, linearTransposed } from '../../onnx/operators/matrix.ts';

/** A low-rank addition to a matrix (Hu et al. 2021), as PEFT keeps it: a [rank, in], b [out, rank]. */
export interface Adapter {
  readonly a: Tensor;
  readonly b: Tensor;
  /** alpha / rank */
  readonly scaling: number;
}

/** x W + bias + scaling · dropped(x) aᵀ bᵀ for the matrices that have an adapter: [S, in] → [S, out]. */
export function adapted(
  adapterOf: (weight: Tensor) => Adapter | undefined,
  dropped: (x: Tensor) => Tensor,
): (x: Tensor, projection: Projection<Tensor>) => Tensor {
  return (x, { weight, bias }) => {
    const projected = linear(x, weight, bias);
    const adapter = adapterOf(weight);
    if (!adapter) return projected;
    const inner = scale(linearTransposed(dropped(x), adapter.a), adapter.scaling); // [S, rank]
    return add(projected, linearTransposed(inner, adapter.b));
  };
}
