import { expect, test } from 'vitest';
import { Graph, GraphError, type Tensor } from '../../../src/onnx/graph.ts';
import {
  add,
  and,
  equal,
  gelu,
  geluTanh,
  greater,
  less,
  or,
  relu,
  subtract,
} from '../../../src/onnx/operators/elementwise.ts';
import { gather, pick, putRows, topK } from '../../../src/onnx/operators/indexing.ts';
import { concat, expand, firstColumns, reshape, split, transpose } from '../../../src/onnx/operators/layout.ts';
import {
  countTrue,
  linear,
  linearTransposed,
  matMul,
  product,
  rowProducts,
} from '../../../src/onnx/operators/matrix.ts';
import { layerNorm, softmax } from '../../../src/onnx/operators/normalization.ts';
import { reduceMean, reduceSum } from '../../../src/onnx/operators/reductions.ts';
import { input, inputs } from './run.ts';

type Three = [Tensor, Tensor, Tensor];

const WRONG_SHAPES: ReadonlyArray<readonly [name: string, wrong: () => unknown, told: readonly string[]]> = [
  ...[add, subtract, greater, equal, less].map(
    operator =>
      [operator.name, () => operator(...(inputs([2, 3], [4, 3]) as [Tensor, Tensor])), ['[2, 3]', '[4, 3]']] as const,
  ),
  ['add of two symbols', () => add(...(inputs(['S'], ['P']) as [Tensor, Tensor])), ['[S]', '[P]']],
  ['linear, inner size', () => linear(...(inputs([2, 5], [3, 4], [4]) as Three)), ['[3, 4]', '[5, ·]', '[2, 5]']],
  ['linear, bias', () => linear(...(inputs([2, 3], [3, 4], [5]) as Three)), ['[5]', '[4]', '[3, 4]']],
  ['linear, bias of two axes', () => linear(...(inputs([2, 3], [3, 4], [4, 1]) as Three)), ['[4, 1]', '[3, 4]']],
  ['linear, three axes', () => linear(...(inputs([1, 2, 3], [2, 4], [4]) as Three)), ['[1, 2, 3]', '[·, ·]']],
  [
    'linearTransposed',
    () => linearTransposed(...(inputs([2, 5], [5, 4]) as [Tensor, Tensor])),
    ['[5, 4]', '[·, 5]', '[2, 5]'],
  ],
  ['rowProducts', () => rowProducts(...(inputs([2, 3], [2, 4]) as [Tensor, Tensor])), ['[2, 4]', '[2, 3]']],
  ['rowProducts, rank', () => rowProducts(...(inputs([2], [2]) as [Tensor, Tensor])), ['[2]', '[·, ·]']],
  ['countTrue, rank', () => countTrue(input([2, 3, 4], 'bool')), ['[2, 3, 4]', '[·, ·]']],
  ['countTrue, symbolic columns', () => countTrue(input([2, 'V'], 'bool')), ['[2, V]']],
  [
    'matMul, inner size',
    () => matMul(...(inputs([1, 2, 3], [1, 4, 5]) as [Tensor, Tensor])),
    ['[1, 2, 3]', '[1, 4, 5]'],
  ],
  ['matMul, batch', () => matMul(...(inputs([2, 2, 3], [3, 3, 5]) as [Tensor, Tensor])), ['[2, 2, 3]', '[3, 3, 5]']],
  ['matMul, rank', () => matMul(...(inputs([2, 3], [3, 5]) as [Tensor, Tensor])), ['[2, 3]']],
  [
    'matMul, transposed',
    () => matMul(...(inputs([1, 2, 3], [1, 3, 4]) as [Tensor, Tensor]), { b: { transposed: true } }),
    ['[1, 2, 3]', '[1, 3, 4]'],
  ],
  ['layerNorm, scale', () => layerNorm(...(inputs([2, 3], [4], [3]) as Three), 1e-5), ['[4]', '[2, 3]']],
  ['layerNorm, bias', () => layerNorm(...(inputs([2, 3], [3], [3, 1]) as Three), 1e-5), ['[3, 1]', '[2, 3]']],
  ['reshape', () => reshape(input([2, 6]), [3, 5]), ['[2, 6]', '[3, 5]']],
  ['product, inner size', () => product(...(inputs([2, 3], [4, 5]) as [Tensor, Tensor])), ['[4, 5]', '[3, ·]']],
  [
    'product, transposed',
    () => product(...(inputs([2, 3], [3, 5]) as [Tensor, Tensor]), { transposeA: true }),
    ['[3, 5]', '[2, ·]'],
  ],
  ['reduceSum', () => reduceSum(input([2, 3]), [2]), ['[2]', '[2, 3]']],
  ['reduceMean of no axes', () => reduceMean(input([2, 3]), []), ['[]', '[2, 3]']],
  [
    'putRows',
    () => putRows(...(inputs([5, 3], ['int64', [2]], [2, 4]) as [Tensor, Tensor, Tensor])),
    ['[2, 4]', '[2, 3]'],
  ],
  ['expand', () => expand(input([2, 1]), [3, 4]), ['[2, 1]', '[3, 4]']],
  ['expand to a size that no input has', () => expand(input([1]), ['S']), ['no input', 'S']],
  ['concat', () => concat(inputs([2, 3], [2, 4]), 0), ['[2, 3]', '[2, 4]']],
  ['concat, rank', () => concat(inputs([2, 3], [2]), 1), ['[2, 3]', '[2]']],
  ['concat of nothing', () => concat([], 0), ['nothing']],
  ['split', () => split(input([2, 6]), 1, [2, 3]), ['2 + 3', '[2, 6]']],
  ['split, lengths not known', () => split(input(['P + S']), 0, ['P', 'S']), ['[P + S]', '[P, S]']],
  ['split, lengths of another number', () => split(...splitLengths([3])), ['[3]', '[2]']],
  ['firstColumns', () => firstColumns(input([2, 3]), 4), ['[2, 3]', '4']],
  ['transpose, twice the same', () => transpose(input([2, 3]), [0, 0]), ['[0, 0]', '[2, 3]']],
  ['transpose, too few', () => transpose(input([2, 3]), [0]), ['[0]', '[2, 3]']],
  ['transpose, too many', () => transpose(input([2, 3]), [0, 2]), ['[0, 2]', '[2, 3]']],
  ['pick, rows', () => pick(...(inputs([2, 3], ['int64', [4, 1]]) as [Tensor, Tensor])), ['[4, 1]', '[2, 3]']],
  ['pick, rank', () => pick(...(inputs([], ['int64', [4]]) as [Tensor, Tensor])), ['[4]', '[]']],
  ['topK', () => topK(...(inputs([2, 3], ['int64', [2]]) as [Tensor, Tensor]), 'K'), ['[2]', '[1]']],
];

function splitLengths(shape: readonly number[]): Parameters<typeof split> {
  const [x, lengths] = inputs(['P + S'], ['int64', shape]) as [Tensor, Tensor];
  return [x, 0, ['P', 'S'], lengths];
}

test.each(WRONG_SHAPES)('%s refuses shapes that do not go together, with both', (_, wrong, told) => {
  expect(wrong).toThrow(GraphError);
  for (const part of told) expect(wrong).toThrow(part);
});

const WRONG_TYPES: ReadonlyArray<readonly [name: string, wrong: () => unknown, told: RegExp]> = [
  ['add', () => add(...(inputs([2], ['int64', [2]]) as [Tensor, Tensor])), /Add.*float32 and int64/],
  ['concat', () => concat(inputs([2], ['int64', [2]]), 0), /Concat.*float32 and int64/],
  ['and', () => and(...(inputs([2], [2]) as [Tensor, Tensor])), /And.*float32.*bool/],
  ['or', () => or(...(inputs(['bool', [2]], [2]) as [Tensor, Tensor])), /Or.*bool and float32/],
  ...[relu, gelu, geluTanh, softmax].map(
    operator => [operator.name, () => operator(input([2], 'int64')), /int64.*float32 or float16/] as const,
  ),
  ['countTrue', () => countTrue(input([2, 3])), /float32.*bool/],
  ['gather', () => gather(...(inputs([2, 3], [2]) as [Tensor, Tensor])), /Gather.*float32.*int64/],
  ['pick', () => pick(...(inputs([2, 3], [2, 1]) as [Tensor, Tensor])), /float32.*int64/],
  ['topK', () => topK(...(inputs([2, 3], [1]) as [Tensor, Tensor]), 'K'), /TopK.*float32.*int64/],
  ['layerNorm', () => layerNorm(...(inputs([2, 3], [3], ['float16', [3]]) as Three), 1e-5), /float32 and float16/],
  ['linear', () => linear(...(inputs([2, 3], [3, 4], ['int32', [4]]) as Three)), /Gemm.*float32 and int32/],
  [
    'linearTransposed',
    () => linearTransposed(...(inputs(['int64', [2, 3]], ['int64', [4, 3]]) as [Tensor, Tensor])),
    /Gemm.*int64.*float32 or float16/,
  ],
  [
    'matMul',
    () => matMul(...(inputs(['bool', [1, 2, 3]], ['bool', [1, 3, 4]]) as [Tensor, Tensor])),
    /FusedMatMul.*bool/,
  ],
  ['split', () => split(...floatLengths()), /Split.*float32.*int64/],
];

function floatLengths(): Parameters<typeof split> {
  const [x, lengths] = inputs(['P + S'], [2]) as [Tensor, Tensor];
  return [x, 0, ['P', 'S'], lengths];
}

test.each(WRONG_TYPES)('%s refuses other element types, and names them', (_, wrong, told) => {
  expect(wrong).toThrow(GraphError);
  expect(wrong).toThrow(told);
});

test('a value of another graph is refused by name', () => {
  expect(() => add(input([2]), input([2]))).toThrow(/Add: "x0" belongs to another graph/);
});

test.each<[string, (graph: Graph) => void]>([
  ['an input', graph => graph.output('result', input([2], 'float32', graph))],
  [
    'what is given out already',
    graph => {
      const result = relu(input([2], 'float32', graph));
      graph.output('once', result);
      graph.output('result', result);
    },
  ],
])('%s is no output', (_, build) => expect(() => build(new Graph())).toThrow(/output "result"/));
