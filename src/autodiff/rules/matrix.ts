import { flag, type Node, type Tensor } from '../../onnx/graph.ts';
import { type Layout, matMul, product } from '../../onnx/operators/matrix.ts';
import { transpose } from '../../onnx/operators/layout.ts';
import type { GradientRules } from '../rule.ts';

const isOn = (node: Node, attribute: string): boolean =>
  JSON.stringify(node.attributes[attribute]) === JSON.stringify(flag(true));
const numberOf = (node: Node, attribute: string): number => (node.attributes[attribute] as { float: number }).float;

export const matrix: GradientRules = {
  /** A transposed operand's gradient is the transposed product. */
  Gemm: ({ node, grad, inputs: [a, b] }) => {
    const [transposeA, transposeB] = [isOn(node, 'transA'), isOn(node, 'transB')];
    return [
      () =>
        transposeA
          ? product(b, grad, { transposeA: transposeB, transposeB: true })
          : product(grad, b, { transposeB: !transposeB }),
      () =>
        transposeB
          ? product(grad, a, { transposeA: true, transposeB: transposeA })
          : product(a, grad, { transposeA: !transposeA }),
      () => grad, // of the bias: the walker sums over the rows
    ];
  },
  FusedMatMul: ({ node, grad, inputs: [a, b] }) => {
    const alpha = numberOf(node, 'alpha');
    const layoutA = { transposed: isOn(node, 'transA'), rowsFirst: isOn(node, 'transBatchA') };
    const layoutB = { transposed: isOn(node, 'transB'), rowsFirst: isOn(node, 'transBatchB') };
    return [
      () => laidOut(multiplied([grad, {}], [b, flipped(layoutB)], alpha, layoutA.transposed), layoutA),
      () => laidOut(multiplied([a, flipped(layoutA)], [grad, {}], alpha, layoutB.transposed), layoutB),
    ];
  },
};

type Operand = readonly [Tensor, Layout];

const flipped = ({ transposed, rowsFirst }: Required<Layout>): Layout => ({ transposed: !transposed, rowsFirst });

/** a b, or (a b)ᵀ = bᵀ aᵀ. */
function multiplied([a, layoutA]: Operand, [b, layoutB]: Operand, alpha: number, transposed: boolean): Tensor {
  if (!transposed) return matMul(a, b, { a: layoutA, b: layoutB, alpha });
  const flip = ({ transposed = false, rowsFirst = false }: Layout): Layout => flipped({ transposed, rowsFirst });
  return matMul(b, a, { a: flip(layoutB), b: flip(layoutA), alpha });
}

/** A gradient [..batch, M, K] in the layout of its operand. */
function laidOut(gradient: Tensor, { rowsFirst }: Required<Layout>): Tensor {
  if (!rowsFirst) return gradient;
  const rows = gradient.shape.length - 2;
  const batch = gradient.shape.slice(0, rows).map((_, axis) => axis);
  return transpose(gradient, [rows, ...batch, rows + 1]);
}
