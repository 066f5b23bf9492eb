import type { ElementType, Graph, Node } from '../../../src/onnx/graph.ts';

/**
 * The kernels of ONNX Runtime's CUDA provider for the operators of our graphs, from docs/OperatorKernels.md of
 * microsoft/onnxruntime (MIT), which is generated from what is registered; of each operator the row that holds for the
 * opset that our graphs ask for. Read at commit 001d12d2623fd411ce0f83d05abb5e82304a3389.
 */
interface Kernel {
  /** The first opset and, where a later row replaces it, the last one. */
  readonly opsets: readonly [from: number, to?: number];
  /** The letter of each input's and output's type; the last one stands for all that follow. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly types: Readonly<Record<string, readonly string[]>>;
}

const list = (names: string): readonly string[] => names.split(' ');

const REALS = list('double float float16');
const FLOATS = list('bfloat16 double float float16');
const NUMBERS = list('bfloat16 double float float16 int16 int32 int64 int8 uint16 uint32 uint64 uint8');
const ALL = list('bfloat16 bool double float float16 int16 int32 int64 int8 uint16 uint32 uint64 uint8');
const INDICES = list('int32 int64');
const INT64 = list('int64');
const BOOL = list('bool');

const kernel = (opsets: Kernel['opsets'], inputs: string, outputs: string, types: Kernel['types']): Kernel => ({
  opsets,
  inputs: list(inputs),
  outputs: list(outputs),
  types,
});

const unary = (from: number, T: readonly string[], to?: number): Kernel =>
  kernel(to === undefined ? [from] : [from, to], 'T', 'T', { T });
const binary = (from: number, T: readonly string[]): Kernel => kernel([from], 'T T', 'T', { T });
const comparison = (from: number, T: readonly string[]): Kernel => kernel([from], 'T T', 'B', { T, B: BOOL });
const reduction = (from: number, T: readonly string[]): Kernel => kernel([from], 'T I', 'T', { T, I: INT64 });

const COMPARED = list('double float float16 int32 int64 uint32 uint64');

export const CUDA_KERNELS: Readonly<Record<string, Kernel>> = {
  Add: binary(14, NUMBERS),
  And: comparison(7, BOOL),
  Cast: kernel([19, 20], 'T', 'R', {
    T: [...ALL, 'float8e4m3fn', 'float8e5m2'],
    R: [...ALL, 'float4e2m1', 'float8e4m3fn', 'float8e5m2'],
  }),
  Concat: unary(13, ALL),
  CumSum: kernel([14], 'T I', 'T', { T: list('double float float16 int32 int64 uint32 uint64'), I: INDICES }),
  Div: binary(14, NUMBERS),
  Equal: comparison(13, list('bool double float float16 int32 int64 uint32 uint64')),
  Erf: unary(13, FLOATS),
  Exp: unary(13, FLOATS),
  Expand: kernel([13], 'T I', 'T', { T: ALL, I: INT64 }),
  Gather: kernel([13], 'T I', 'T', { T: ALL, I: INDICES }),
  GatherElements: kernel([13], 'T I', 'T', { T: ALL, I: INDICES }),
  Gelu: unary(20, FLOATS),
  Gemm: kernel([13], 'T T T', 'T', { T: FLOATS }),
  Greater: comparison(13, COMPARED),
  Identity: unary(19, ALL),
  LayerNormalization: kernel([17], 'T T T', 'T U U', { T: FLOATS, U: list('float') }),
  Less: comparison(13, COMPARED),
  Log: unary(13, REALS),
  Loop: kernel([19], 'I B V', 'V', { I: INT64, B: BOOL, V: ALL }),
  MatMulInteger: kernel([10], 'T T', 'R', { T: list('int8'), R: list('int32') }),
  Min: binary(13, list('bfloat16 double float float16 int32 int64 uint32 uint64')),
  Mul: binary(14, NUMBERS),
  Neg: unary(13, list('bfloat16 double float float16 int16 int32 int64 int8')),
  Not: unary(1, BOOL),
  Or: comparison(7, BOOL),
  ReduceMax: reduction(18, list('double float float16 int32 int64')),
  ReduceMean: reduction(18, list('double float float16 int32')),
  ReduceSum: reduction(13, list('bfloat16 double float float16 int32 int64')),
  ReduceSumSquare: reduction(18, REALS),
  Relu: unary(14, FLOATS),
  Reshape: kernel([19, 20], 'T I', 'T', { T: ALL, I: INT64 }),
  ScatterND: kernel([18], 'T I T', 'T', { T: ALL, I: INT64 }),
  Shape: kernel([19, 20], 'T', 'I', { T: ALL, I: INT64 }),
  Sigmoid: unary(13, FLOATS),
  Slice: kernel([13], 'T I I I I', 'T', { T: ALL, I: INDICES }),
  Softmax: unary(13, FLOATS),
  Softplus: unary(1, REALS),
  Split: kernel([18], 'T I', 'T', { T: ALL, I: INT64 }),
  Sqrt: unary(13, FLOATS),
  Sub: binary(14, NUMBERS),
  Tanh: unary(13, FLOATS),
  TopK: kernel([11], 'T I', 'T I', { T: list('double float float16 int32 int64'), I: INT64 }),
  Transpose: unary(13, ALL, 20),
  'com.microsoft.FastGelu': kernel([1], 'T T', 'T', { T: FLOATS }),
  'com.microsoft.GatherBlockQuantized': kernel([1], 'B I S B', 'S', {
    B: list('int4 uint4 uint8'),
    I: INDICES,
    S: list('bfloat16 float float16'),
  }),
  'com.microsoft.MatMulNBits': kernel([1], 'T B T T G T', 'T', {
    T: list('bfloat16 float float16'),
    B: list('uint8'),
    G: list('int32'),
  }),
  'com.microsoft.FusedMatMul': kernel([1], 'T T', 'T', { T: FLOATS }),
};

const NAMES: Readonly<Record<ElementType, string>> = {
  float64: 'double',
  float32: 'float',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  int32: 'int32',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
};

/** Every node of a graph, those within nodes too, which has no kernel there: what it is, and what is missing. */
export function nodesWithoutKernel(graph: Graph, opset: number): string[] {
  return allNodes(graph).flatMap(node => {
    const reason = whyNone(node, opset);
    return reason ? [`${node.operator}: ${reason}`] : [];
  });
}

export const allNodes = ({ nodes }: Graph): Node[] =>
  nodes.flatMap(node => [
    node,
    ...Object.values(node.attributes).flatMap(attribute => ('graph' in attribute ? allNodes(attribute.graph) : [])),
  ]);

function whyNone({ operator, domain, inputs, outputs }: Node, opset: number): string | null {
  const kernel = CUDA_KERNELS[domain === '' ? operator : `${domain}.${operator}`];
  if (!kernel) return 'no kernel is listed';
  const [from, to = Number.POSITIVE_INFINITY] = kernel.opsets;
  if (domain === '' && (opset < from || opset > to)) return `the kernel listed is of opset ${from} to ${to}`;
  const sides = [
    [inputs, kernel.inputs],
    [outputs, kernel.outputs],
  ] as const;
  for (const [tensors, letters] of sides) {
    for (const [index, { name, type }] of tensors.entries()) {
      if (name === '') continue; // an input that is left out
      const letter = letters[Math.min(index, letters.length - 1)] as string;
      if (!kernel.types[letter]?.includes(NAMES[type])) return `"${name}" is ${type}`;
    }
  }
  return null;
}
