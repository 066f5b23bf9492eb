import type { Gpt2Config } from '../../../src/gpt2/config.ts';
import type { Shape } from '../../../src/onnx/dimension.ts';
import type { Tensor } from '../../../src/onnx/graph.ts';
import * as elementwise from '../../../src/onnx/operators/elementwise.ts';
import { gather } from '../../../src/onnx/operators/indexing.ts';
import { concat, expand, reshape, split, transpose } from '../../../src/onnx/operators/layout.ts';
import { linear, matMul, product } from '../../../src/onnx/operators/matrix.ts';
import { layerNorm, softmax } from '../../../src/onnx/operators/normalization.ts';
import { reduceSum } from '../../../src/onnx/operators/reductions.ts';
import { type Feeds, int64 } from '../../../src/onnx/session.ts';
import { adapted } from '../../../src/training/graphs/adapters.ts';
import { allSlots, batchedAttention, someSlots } from '../../../src/training/graphs/attention.ts';
import { pack } from '../../../src/training/graphs/packing.ts';
import { apart } from '../../../src/training/graphs/trees.ts';
import { crossEntropy, headCrossEntropy } from '../../../src/training/losses/crossEntropy.ts';

/** How a case of generate.py is written with our operators. */
export interface Case {
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Sizes that are not known before the graph runs; absent: those of the numbers. */
  readonly shapes?: readonly Shape[];
  /** Further inputs of the graph. */
  readonly feeds?: Feeds;
}

/** The texts of the attention cases: 3 and 2 tokens; read are the last of the first, and both of the second. */
const TEXTS = [
  { sequence: 0, ids: [1, 2, 3], read: [2] },
  { sequence: 1, ids: [4, 5], read: [0, 1] },
];
const ATTENTION = { heads: 2, width: 4, attentionScale: () => 0.5 } as unknown as Gpt2Config;
const attention = (slots: typeof allSlots): Case['build'] => {
  return (q, k, v) =>
    batchedAttention(
      ATTENTION,
      () => slots((q as Tensor).graph, ATTENTION),
      x => x,
    )(0, q as Tensor, k as Tensor, v as Tensor);
};

type Binary = (a: Tensor, b: Tensor) => Tensor;
type Unary = (x: Tensor) => Tensor;
const binary = (operator: Binary): Case => ({ build: (a, b) => operator(a as Tensor, b as Tensor) });
const unary = (operator: Unary): Case => ({ build: x => operator(x as Tensor) });
const targets = { targets: int64([2, 0, 4]) };
const targetsOf = ({ graph }: Tensor): Tensor => graph.input('targets', 'int64', [3]);

export const CASES: Readonly<Record<string, Case>> = {
  Add: { ...binary(elementwise.add), shapes: [['S', 3, 4], [4]] },
  Sub: {
    ...binary(elementwise.subtract),
    shapes: [
      ['S', 1, 4],
      [3, 1],
    ],
  },
  Mul: {
    ...binary(elementwise.multiply),
    shapes: [
      ['S', 4],
      ['S', 1],
    ],
  },
  'Mul by a scalar': binary(elementwise.multiply),
  'Mul by itself': unary(elementwise.square),
  Div: { ...binary(elementwise.divide), shapes: [['S', 4], [4]] },
  Neg: unary(elementwise.negate),
  Exp: unary(elementwise.exp),
  Log: unary(elementwise.log),
  Tanh: unary(elementwise.tanh),
  Sigmoid: unary(elementwise.sigmoid),
  Softplus: unary(elementwise.softplus),
  Erf: unary(elementwise.erf),
  Relu: unary(elementwise.relu),
  Gelu: unary(elementwise.gelu),
  FastGelu: unary(elementwise.geluTanh),
  Gemm: { build: (x, w, b) => linear(x as Tensor, w as Tensor, b as Tensor), shapes: [['S', 4], [4, 5], [5]] },
  'Gemm, left transposed': {
    ...binary((a, b) => product(a, b, { transposeA: true })),
    shapes: [
      ['S', 3],
      ['S', 5],
    ],
  },
  'Gemm, right transposed': binary((a, b) => product(a, b, { transposeB: true })),
  'Gemm, both transposed': binary((a, b) => product(a, b, { transposeA: true, transposeB: true })),
  FusedMatMul: binary((a, b) => matMul(a, b, { alpha: 0.5 })),
  'FusedMatMul, left transposed': binary((a, b) => matMul(a, b, { a: { transposed: true } })),
  'FusedMatMul, right transposed': {
    ...binary((a, b) => matMul(a, b, { b: { transposed: true }, alpha: 2 })),
    shapes: [
      ['B', 2, 'T', 4],
      ['B', 2, 'K', 4],
    ],
  },
  'FusedMatMul, both transposed': binary((a, b) => matMul(a, b, { a: { transposed: true }, b: { transposed: true } })),
  'FusedMatMul, rows first': binary((a, b) =>
    matMul(a, b, { a: { rowsFirst: true }, b: { rowsFirst: true, transposed: true } }),
  ),
  Reshape: { ...unary(x => reshape(x, ['B * T', 4])), shapes: [['B', 'T', 4]] },
  Transpose: { ...unary(x => transpose(x, [2, 0, 1])), shapes: [['B', 'T', 4]] },
  Expand: unary(x => expand(x, [2, 3, 4])),
  Split: {
    ...unary(x => {
      const [left, right] = split(x, 1, [2, 3]) as [Tensor, Tensor];
      return elementwise.multiply(right, split(left, 1, [1, 1])[0] as Tensor);
    }),
    shapes: [['S', 5]],
  },
  Concat: {
    ...binary((a, b) => concat([a, b], 1)),
    shapes: [
      ['S', 'A'],
      ['S', 'B'],
    ],
  },
  ReduceSum: { ...unary(x => reduceSum(x, [1])), shapes: [['B', 'T', 4]] },
  Softmax: { ...unary(softmax), shapes: [['S', 'K']] },
  LayerNormalization: {
    build: (x, w, b) => layerNorm(x as Tensor, w as Tensor, b as Tensor, 1e-5),
    shapes: [['S', 6], [6], [6]],
  },
  Gather: {
    ...unary(table => gather(table, table.graph.input('ids', 'int64', ['N']))),
    feeds: { ids: int64([1, 3, 1]) },
  },
  'Gather of what was computed': unary(x => gather(elementwise.tanh(x), x.graph.integers([3, 0]))),
  crossEntropy: { ...unary(x => crossEntropy(x, targetsOf(x)).losses), feeds: targets },
  headCrossEntropy: { ...binary((h, w) => headCrossEntropy(h, w, targetsOf(h)).losses), feeds: targets },
  attention: { build: attention(allSlots), shapes: new Array(3).fill(['S', 4]), feeds: pack(apart(TEXTS), 2).feeds },
  'attention of some rows': {
    build: attention(someSlots),
    shapes: [
      ['N', 4],
      ['S', 4],
      ['S', 4],
    ],
    feeds: pack(apart(TEXTS), 2).feeds,
  },
  adapter: {
    build: (...[x, weight, bias, a, b]) =>
      adapted(
        () => ({ a: a as Tensor, b: b as Tensor, scaling: 2 }),
        x => x,
      )(x as Tensor, { weight: weight as Tensor, bias: bias as Tensor }),
  },
};
