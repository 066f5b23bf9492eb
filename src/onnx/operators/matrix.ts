import { broadcastShapes, type Dimension, formatShape, sizeAt } from '../dimension.ts';
import { cast } from './elementwise.ts';
import { reshape } from './layout.ts';
import {
  commonType,
  CONTRIB,
  expectShape,
  expectType,
  flag,
  float,
  FLOATS,
  GraphError,
  node,
  type Tensor,
} from '../graph.ts';

/** x W + b for rows: x [N, I], W [I, O], b [O] → [N, O]. Weights as transformers' Conv1D keeps them. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const type = commonType('Gemm', x, weight, bias);
  expectType('Gemm', 'input', x, ...FLOATS);
  expectShape('Gemm', 'input', x, ['·', '·']);
  expectShape('Gemm', 'weight', weight, [sizeAt(x.shape, 1), '·'], x);
  expectShape('Gemm', 'bias', bias, [sizeAt(weight.shape, 1)], weight);
  return node('Gemm', [x, weight, bias], { type, shape: [sizeAt(x.shape, 0), sizeAt(weight.shape, 1)] });
}

/** x Wᵀ for rows: x [N, I], W [O, I] → [N, O]. Weights as an embedding or torch's Linear keeps them. */
export const linearTransposed = (x: Tensor, weight: Tensor): Tensor => product(x, weight, { transposeB: true });

/** a b for matrices, each transposed first where asked: [M, K] · [K, N] → [M, N]. */
export function product(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
  const type = commonType('Gemm', a, b);
  expectType('Gemm', 'left', a, ...FLOATS);
  expectShape('Gemm', 'left', a, ['·', '·']);
  const inner = sizeAt(a.shape, transposeA ? 0 : 1);
  expectShape('Gemm', 'right', b, transposeB ? ['·', inner] : [inner, '·'], a);
  const shape = [sizeAt(a.shape, transposeA ? 1 : 0), sizeAt(b.shape, transposeB ? 0 : 1)];
  return node('Gemm', [a, b], { type, shape }, { attributes: { transA: flag(transposeA), transB: flag(transposeB) } });
}

/** The inner product of each row of a with the same row of b: [N, V], [N, V] → [N, 1]. One pass, nothing kept. */
export function rowProducts(a: Tensor, b: Tensor): Tensor {
  expectShape('rowProducts', 'left', a, ['·', '·']);
  expectShape('rowProducts', 'right', b, a.shape, a);
  const [rows, columns] = a.shape as [Dimension, Dimension];
  const products = matMul(reshape(a, [rows, 1, columns]), reshape(b, [rows, 1, columns]), { b: { transposed: true } });
  return reshape(products, [rows, 1]);
}

/** How many are true in each row: bool [N, V] → int32 [N, 1]. Bytes are added four times as fast as float32, and signed ones on CUDA too. */
export function countTrue(x: Tensor): Tensor {
  expectType('countTrue', 'input', x, 'bool');
  expectShape('countTrue', 'input', x, ['·', '·']);
  const [rows, columns] = x.shape as [Dimension, Dimension];
  if (typeof columns !== 'number')
    throw new GraphError(`countTrue: the columns of ${formatShape(x.shape)} are not known`);
  const ones = x.graph.bytes([columns, 1], 1);
  return node('MatMulInteger', [cast(x, 'int8'), ones], { type: 'int32', shape: [rows, 1] });
}

/** How one operand of `matMul` lies in memory. */
export interface Layout {
  /** The last two axes are swapped: [.., K, M] is read as [.., M, K]. */
  readonly transposed?: boolean;
  /** The rows stand before the batch axes: [M, ..batch, K] is read as [..batch, M, K]. */
  readonly rowsFirst?: boolean;
}

/**
 * alpha · a b over leading batch axes, after the layouts are undone: [..batch, M, K] · [..batch, K, N] → [..batch, M, N].
 * The kernel reads strided operands in place, so that token-major keys and values need no transposed copy.
 */
export function matMul(a: Tensor, b: Tensor, options: { a?: Layout; b?: Layout; alpha?: number } = {}): Tensor {
  const type = commonType('FusedMatMul', a, b);
  expectType('FusedMatMul', 'left', a, ...FLOATS);
  const [left, right] = [laidOut(a, options.a), laidOut(b, options.b)];
  const batch = a.shape.length === b.shape.length ? broadcastShapes(left.batch, right.batch) : null;
  if (!batch || left.columns !== right.rows) {
    throw new GraphError(`FusedMatMul: ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply`);
  }
  const attributes = {
    alpha: float(options.alpha ?? 1),
    transA: flag(options.a?.transposed ?? false),
    transB: flag(options.b?.transposed ?? false),
    transBatchA: flag(options.a?.rowsFirst ?? false),
    transBatchB: flag(options.b?.rowsFirst ?? false),
  };
  const shape = [...batch, left.rows, right.columns];
  return node('FusedMatMul', [a, b], { type, shape }, { attributes, domain: CONTRIB });
}

function laidOut({ shape }: Tensor, { transposed = false, rowsFirst = false }: Layout = {}) {
  if (shape.length < 3) throw new GraphError(`FusedMatMul: ${formatShape(shape)} has no batch axis`);
  const last = sizeAt(shape, -1);
  const [rows, batch] = rowsFirst ? [sizeAt(shape, 0), shape.slice(1, -1)] : [sizeAt(shape, -2), shape.slice(0, -2)];
  return transposed ? { batch, rows: last, columns: rows } : { batch, rows, columns: last };
}
