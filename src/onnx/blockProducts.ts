import { type Blocks, CONTRIB, type Graph, GraphError, int, type Node, type Tensor } from './graph.ts';

/** Whole numbers are multiplied as such, by inputs that are rounded to 8 bits a block; with any other level the CPU widens. */
const ACCURACY_LEVEL = 4;

/**
 * Has the products with matrices in blocks, and the rows that are looked up in them, computed from the blocks themselves,
 * by ONNX Runtime's MatMulNBits and GatherBlockQuantized. Whoever builds a graph sees float32 matrices. Both operators read
 * the same bytes of a file, so that an embedding that is the head as well is kept once.
 * @throws GraphError where another operator reads such a matrix
 */
export function computeFromBlocks(graph: Graph): void {
  const matrices = new Map<Tensor, Blocks>();
  for (const { tensor, data } of graph.initializers.splice(0)) {
    if ('blocks' in data) matrices.set(tensor, data.blocks);
    else graph.initializers.push({ tensor, data });
  }
  if (matrices.size > 0) replaceReaders(graph, graph, matrices);
}

/** In a graph and those within it; what they read of the blocks is of the outermost. */
function replaceReaders(graph: Graph, outermost: Graph, matrices: ReadonlyMap<Tensor, Blocks>): void {
  for (const node of graph.nodes.splice(0)) {
    for (const attribute of Object.values(node.attributes))
      if ('graph' in attribute) replaceReaders(attribute.graph, outermost, matrices);
    const matrix = node.inputs.find(input => matrices.has(input));
    const blocks = matrix && matrices.get(matrix);
    if (!matrix || !blocks) graph.nodes.push(node);
    else if (node.operator === 'Gemm' && node.inputs[1] === matrix) graph.nodes.push(product(outermost, node, blocks));
    else if (node.operator === 'Gather' && blocks.axis === 1) graph.nodes.push(lookup(outermost, node, blocks));
    else throw new GraphError(`${node.operator}: "${matrix.name}" is in blocks, from which it does not compute`);
  }
}

/** x W + b with W [K, N], or x Wᵀ with W [N, K]. */
function product(graph: Graph, { inputs, outputs, attributes }: Node, blocks: Blocks): Node {
  const [x, matrix, bias] = inputs as readonly [Tensor, Tensor, Tensor?];
  const transposed = 'transB' in attributes && 'int' in attributes['transB'] && attributes['transB'].int === 1;
  const [first, second] = matrix.shape as readonly [number, number];
  const [outputCount, inputCount] = transposed ? [first, second] : [second, first];
  if (transposed !== (blocks.axis === 1))
    throw new GraphError(`Gemm: "${matrix.name}" has its blocks along its outputs`);
  const perRow = inputCount / blocks.size;
  const packed = [outputCount, perRow, (blocks.size * blocks.bits) / 8];
  const absent = { ...matrix, name: '' }; // zero points, and an order of the columns
  return {
    operator: 'MatMulNBits',
    domain: CONTRIB,
    inputs: [
      x,
      graph.initializer(`${matrix.name}.packed`, { type: 'uint8', shape: packed }, blocks.packed),
      graph.initializer(`${matrix.name}.scales`, { type: 'float32', shape: [outputCount, perRow] }, blocks.scales),
      ...(bias ? [absent, absent, bias] : []),
    ],
    outputs,
    attributes: {
      K: int(inputCount),
      N: int(outputCount),
      bits: int(blocks.bits),
      block_size: int(blocks.size),
      accuracy_level: int(ACCURACY_LEVEL),
    },
  };
}

/** The rows of W [N, K] by their numbers. */
function lookup(graph: Graph, { inputs, outputs }: Node, blocks: Blocks): Node {
  const [matrix, ids] = inputs as readonly [Tensor, Tensor];
  const [rows, columns] = matrix.shape as readonly [number, number];
  const packed = [rows, (columns * blocks.bits) / 8];
  const scales = [rows, columns / blocks.size];
  return {
    operator: 'GatherBlockQuantized',
    domain: CONTRIB,
    inputs: [
      graph.initializer(`${matrix.name}.rows`, { type: 'uint8', shape: packed }, blocks.packed),
      ids,
      graph.initializer(`${matrix.name}.rowScales`, { type: 'float32', shape: scales }, blocks.scales),
    ],
    outputs,
    attributes: {
      bits: int(blocks.bits),
      block_size: int(blocks.size),
      gather_axis: int(0),
      quantize_axis: int(1),
    },
  };
}
