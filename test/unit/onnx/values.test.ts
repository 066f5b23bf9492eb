import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../../src/onnx/graph.ts';
import {
  add,
  and,
  cast,
  divide,
  equal,
  gelu,
  geluTanh,
  greater,
  less,
  minimum,
  multiply,
  or,
  relu,
  scale,
  sqrt,
  subtract,
} from '../../../src/onnx/operators/elementwise.ts';
import { addRows, gather, pick, putRows, topK } from '../../../src/onnx/operators/indexing.ts';
import { concat, expand, firstColumns, reshape, sizeOf, split, transpose } from '../../../src/onnx/operators/layout.ts';
import {
  countTrue,
  linear,
  linearTransposed,
  matMul,
  product,
  rowProducts,
} from '../../../src/onnx/operators/matrix.ts';
import { layerNorm, softmax } from '../../../src/onnx/operators/normalization.ts';
import { reduceMax, reduceMean, reduceSum, reduceSumSquare } from '../../../src/onnx/operators/reductions.ts';
import type { Feed } from '../../../src/onnx/session.ts';
import { compute, floats, whole } from './run.ts';

interface Case {
  readonly name: string;
  readonly feeds: readonly Feed[];
  readonly build: (...tensors: Tensor[]) => readonly Tensor[];
  readonly shapes?: ReadonlyArray<ReadonlyArray<number | string>>;
  readonly expected: ReadonlyArray<readonly number[]>;
}

const row = floats([3], 1, 2, 3);
const two = floats([2, 3], 1, 2, 3, 4, 5, 6);

/** Values worked out by hand. */
const CASES: readonly Case[] = [
  { name: 'add a row to each', feeds: [two, row], build: (a, b) => [add(a!, b!)], expected: [[2, 4, 6, 5, 7, 9]] },
  {
    name: 'subtract a column',
    feeds: [two, floats([2, 1], 1, 4)],
    build: (a, b) => [subtract(a!, b!)],
    expected: [[0, 1, 2, 0, 1, 2]],
  },
  {
    name: 'compare with a column',
    feeds: [two, floats([2, 1], 2, 5)],
    build: (a, b) => [greater, equal, less].map(compare => cast(compare(a!, b!), 'int32')),
    expected: [
      [0, 0, 1, 0, 0, 1],
      [0, 1, 0, 0, 1, 0],
      [1, 0, 0, 1, 0, 0],
    ],
  },
  {
    name: 'and, or',
    feeds: [floats([4], 0, 0, 1, 1), floats([4], 0, 1, 0, 1)],
    build: (a, b) => [and, or].map(both => cast(both(cast(a!, 'bool'), cast(b!, 'bool')), 'int32')),
    expected: [
      [0, 0, 0, 1],
      [0, 1, 1, 1],
    ],
  },
  {
    name: 'multiply, divide, scale',
    feeds: [two, floats([2, 1], 2, 4)],
    build: (a, b) => [multiply(a!, b!), divide(a!, b!), scale(a!, -3)],
    expected: [
      [2, 4, 6, 16, 20, 24],
      [0.5, 1, 1.5, 1, 1.25, 1.5],
      [-3, -6, -9, -12, -15, -18],
    ],
  },
  {
    name: 'reductions keep their axes',
    feeds: [two],
    build: x => [reduceSum(x!, [1]), reduceMean(x!, [0]), reduceMax(x!, [0, 1]), reduceSumSquare(x!, [0, 1])],
    expected: [[6, 15], [2.5, 3.5, 4.5], [6], [91]],
  },
  {
    name: 'the smaller of two; square roots',
    feeds: [two, floats([2, 1], 2, 9)],
    build: (a, b) => [minimum(a!, b!), sqrt(b!)],
    expected: [
      [1, 2, 2, 4, 5, 6],
      [Math.fround(Math.SQRT2), 3],
    ],
  },
  {
    name: 'product, each side transposed',
    feeds: [two, floats([2, 2], 1, 2, 3, 4)],
    build: (a, b) => [product(b!, a!), product(a!, b!, { transposeA: true, transposeB: true })],
    expected: [
      [9, 12, 15, 19, 26, 33],
      [9, 19, 12, 26, 15, 33],
    ],
  },
  {
    name: 'expand to sizes that inputs have',
    feeds: [floats([1, 2], 7, 8), row],
    shapes: [[1, 2], ['S']],
    build: x => [expand(x!, ['S', 2])],
    expected: [[7, 8, 7, 8, 7, 8]],
  },
  {
    name: 'reshape to two sizes that inputs have',
    feeds: [two, floats([3, 2], 0, 0, 0, 0, 0, 0)],
    shapes: [
      ['A', 'B'],
      ['B', 'A'],
    ],
    build: (x, y) => [add(reshape(x!, ['B', 'A']), y!)],
    expected: [[1, 2, 3, 4, 5, 6]],
  },
  {
    name: 'putRows at places that differ',
    feeds: [floats([3, 2], 0, 0, 0, 0, 9, 9), whole([2], 1, 0), floats([2, 2], 1, 2, 3, 4)],
    build: (x, places, rows) => [putRows(x!, places!, rows!)],
    expected: [[3, 4, 1, 2, 9, 9]],
  },
  {
    name: 'addRows at places that may be the same',
    feeds: [floats([3, 2], 0, 0, 0, 0, 9, 9), whole([3], 1, 0, 1), floats([3, 2], 1, 2, 3, 4, 5, 6)],
    build: (x, places, rows) => [addRows(x!, places!, rows!)],
    expected: [[3, 4, 6, 8, 9, 9]],
  },
  // [1 2 3; 4 5 6] W + b with W = [1 0; 0 1; 1 1], b = [10 20]
  {
    name: 'linear, weights [in, out]',
    feeds: [two, floats([3, 2], 1, 0, 0, 1, 1, 1), floats([2], 10, 20)],
    build: (x, w, b) => [linear(x!, w!, b!)],
    expected: [[14, 25, 20, 31]],
  },
  {
    name: 'linearTransposed, weights [out, in]',
    feeds: [two, floats([2, 3], 1, 0, 1, 0, 1, 1)],
    build: (x, w) => [linearTransposed(x!, w!)],
    expected: [[4, 5, 10, 11]],
  },
  {
    name: 'rowProducts',
    feeds: [two, floats([2, 3], 1, 0, -1, 2, 2, 2)],
    build: (a, b) => [rowProducts(a!, b!)],
    expected: [[-2, 30]],
  },
  {
    name: 'countTrue, beyond what a byte holds',
    feeds: [floats([2, 300], ...Array.from({ length: 600 }, (_, i) => (i < 300 ? 1 : i % 3)))],
    build: x => [countTrue(cast(x!, 'bool'))],
    expected: [[300, 200]],
  },
  {
    name: 'topK: equal values by rising index',
    feeds: [floats([2, 5], 1, 7, 3, 7, 3, 0, 0, 0, 0, 0), whole([1], 4)],
    build: (x, count) => {
      const { values, indices } = topK(x!, count!, 'K');
      return [values, indices];
    },
    expected: [
      [7, 7, 3, 3, 0, 0, 0, 0],
      [1, 3, 2, 4, 0, 1, 2, 3],
    ],
  },
  {
    name: 'gather rows',
    feeds: [two, whole([3], 1, 0, 1)],
    build: (x, ids) => [gather(x!, ids!)],
    expected: [[4, 5, 6, 1, 2, 3, 4, 5, 6]],
  },
  {
    name: 'pick columns',
    feeds: [two, whole([2, 2], 2, 0, 1, 1)],
    build: (x, columns) => [pick(x!, columns!)],
    expected: [[3, 1, 5, 5]],
  },
  { name: 'firstColumns', feeds: [two], build: x => [firstColumns(x!, 2)], expected: [[1, 2, 4, 5]] },
  {
    name: 'concat beside',
    feeds: [two, floats([2, 1], 8, 9)],
    build: (a, b) => [concat([a!, b!], 1)],
    expected: [[1, 2, 3, 8, 4, 5, 6, 9]],
  },
  {
    name: 'split by sizes',
    feeds: [two],
    build: x => split(x!, 1, [1, 2]),
    expected: [
      [1, 4],
      [2, 3, 5, 6],
    ],
  },
  {
    name: 'split by lengths given when it runs',
    feeds: [floats([5], 1, 2, 3, 4, 5), whole([2], 2, 3)],
    shapes: [['P + S'], [2]],
    build: (x, lengths) => split(x!, 0, ['P', 'S'], lengths),
    expected: [
      [1, 2],
      [3, 4, 5],
    ],
  },
  {
    name: 'reshape with a symbol that moves, and transpose',
    feeds: [floats([2, 4], 1, 2, 3, 4, 5, 6, 7, 8)],
    shapes: [['S', 4]],
    build: x => [transpose(reshape(x!, [1, 'S', 2, 2]), [0, 2, 1, 3])],
    expected: [[1, 2, 5, 6, 3, 4, 7, 8]],
  },
  {
    name: 'sizeOf, from either end',
    feeds: [two],
    shapes: [['S', 3]],
    build: x => [sizeOf(x!, 0), sizeOf(x!, 1), sizeOf(x!, -1), sizeOf(x!, -2)],
    expected: [[2], [3], [3], [2]],
  },
];

test.each(CASES)('$name', async ({ feeds, build, shapes, expected }) => {
  expect(await compute(feeds, build, shapes)).toEqual(expected);
});

describe('matMul reads its operands as they lie', () => {
  // Of one product: a [2 batches, 2 rows, 3], b [2 batches, 3, 2 columns].
  const a = [1, 2, 3, 4, 5, 6, /**/ 1, 0, 1, 0, 1, 0];
  const b = [1, 0, 0, 1, 1, 1, /**/ 2, 3, 4, 5, 6, 7];
  const product = [4, 5, 10, 11, /**/ 8, 10, 4, 5];
  const A: Record<string, Feed> = {
    plain: floats([2, 2, 3], ...a),
    transposed: floats([2, 3, 2], 1, 4, 2, 5, 3, 6, /**/ 1, 0, 0, 1, 1, 0), // [B, K, M]
    rowsFirst: floats([2, 2, 3], 1, 2, 3, 1, 0, 1, /**/ 4, 5, 6, 0, 1, 0), // [M, B, K]
    both: floats([3, 2, 2], 1, 4, 1, 0, /**/ 2, 5, 0, 1, /**/ 3, 6, 1, 0), // [K, B, M]
  };
  const B: Record<string, Feed> = {
    plain: floats([2, 3, 2], ...b),
    transposed: floats([2, 2, 3], 1, 0, 1, 0, 1, 1, /**/ 2, 4, 6, 3, 5, 7), // [B, N, K]
    rowsFirst: floats([3, 2, 2], 1, 0, 2, 3, /**/ 0, 1, 4, 5, /**/ 1, 1, 6, 7), // [K, B, N]
    both: floats([2, 2, 3], 1, 0, 1, 2, 4, 6, /**/ 0, 1, 1, 3, 5, 7), // [N, B, K]
  };
  const layout = (name: string) => ({
    transposed: name === 'transposed' || name === 'both',
    rowsFirst: name === 'rowsFirst' || name === 'both',
  });
  const pairs = Object.keys(A).flatMap(left => Object.keys(B).map(right => [left, right] as const));

  test.each(pairs)('a %s, b %s', async (left, right) => {
    const options = { a: layout(left), b: layout(right), alpha: 0.5 };
    const [result] = await compute([A[left]!, B[right]!], (x, y) => {
      const made = matMul(x!, y!, options);
      expect(made.shape).toEqual([2, 2, 2]);
      return [made];
    });
    expect(result).toEqual(product.map(value => value / 2));
  });

  test('one b serves every batch of a', async () => {
    const once = floats([1, 3, 2], ...b.slice(0, 6));
    const [result] = await compute([A['plain']!, once], (x, y) => [matMul(x!, y!)]);
    expect(result).toEqual([4, 5, 10, 11, /**/ 2, 1, 0, 1]);
  });
});

const close = (actual: readonly number[] | undefined, expected: readonly number[], digits = 6): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(actual?.[index]).toBeCloseTo(value, digits);
};

test('softmax over the last axis, shifts leaving it as it is', async () => {
  const logits = [0, Math.log(3), 1000, 1000 + Math.log(3)];
  const [result] = await compute([floats([2, 2], ...logits)], x => [softmax(x!)]);
  close(result, [0.25, 0.75, 0.25, 0.75], 4);
});

test('layerNorm: mean 0 and variance 1 of the whole row, then scale and bias; epsilon is added to the variance', async () => {
  const [result] = await compute([floats([2, 2], 1, 3, 5, 5), floats([2], 1, 2), floats([2], 0, 10)], (x, s, b) => [
    layerNorm(x!, s!, b!, 3),
  ]);
  close(result, [-0.5, 11, 0, 10]); // (x - 2) / sqrt(1 + 3)
});

// torch.nn.functional.gelu(x), and with approximate="tanh", in float64.
test.each([
  [
    'gelu',
    gelu,
    [-0.15865525393145702, -0.15426876936299344, 0, 0.34573123063700656, 0.841344746068543, 2.99595030590511],
  ],
  [
    'geluTanh',
    geluTanh,
    [-0.15880800939172324, -0.15428599017485606, 0, 0.34571400982514394, 0.8411919906082768, 2.996362607918227],
  ],
  ['relu', relu, [0, 0, 0, 0.5, 1, 3]],
] as const)('%s', async (_, operator, expected) => {
  const [result] = await compute([floats([6], -1, -0.5, 0, 0.5, 1, 3)], x => [operator(x!)]);
  close(result, expected);
});
