import { type ElementType, Graph, type Tensor } from '../onnx/graph.ts';
import { and, cast, equal, greater, less, or, subtract } from '../onnx/operators/elementwise.ts';
import { gather, pick, topK } from '../onnx/operators/indexing.ts';
import { firstColumns } from '../onnx/operators/layout.ts';
import { countTrue, linearTransposed, rowProducts } from '../onnx/operators/matrix.ts';
import { softmax } from '../onnx/operators/normalization.ts';
import { hiddenStates } from './architecture.ts';
import { cachedAttention } from './attention.ts';
import type { Gpt2Config } from './config.ts';
import type { STATISTICS } from './headStatistics.ts';
import { headName, mapParameters } from './parameters.ts';
import type { StoredWeight, Weights } from './weights.ts';

// Letters in shapes: S rows of a run, P cached rows, D width, H heads, Dh = D / H, V vocabulary, N rows that are read,
// K kept.

/**
 * ids, positions [S], mask [S, P + S], the rows that are read [N], the cache [P, H, Dh] a layer → hidden [N, D] and the keys
 * and values of all rows. Of the last block, rows that nobody reads have no more than keys and values.
 */
export function trunkGraph(config: Gpt2Config, { tensors }: Weights<StoredWeight>): Graph {
  const graph = new Graph();
  const rows = { ids: graph.input('ids', 'int64', ['S']), positions: graph.input('positions', 'int64', ['S']) };
  const parameters = mapParameters(config, name => bind(graph, tensors.get(name) as StoredWeight));
  const read = graph.input('read', 'int64', ['N']);
  const needed = (layer: number, x: Tensor): Tensor => (layer === config.layers - 1 ? gather(x, read) : x);
  graph.output(
    'hidden',
    hiddenStates(config, parameters, rows, { attention: cachedAttention(graph, config, needed), needed }),
  );
  return graph;
}

/**
 * hidden [N, D], targets int64 [N, 1], top int64 [1] → the logits [N, V], for who must choose from them, and what scoring
 * says of each position, so that it can leave that array inside: the target's logit and how many tokens stand before it,
 * the K best, and what the entropy needs.
 */
export function headGraph(config: Gpt2Config, { tensors }: Weights<StoredWeight>): Graph {
  const graph = new Graph();
  const hidden = graph.input('hidden', 'float32', ['N', config.width]);
  const all = linearTransposed(hidden, bind(graph, tensors.get(headName(config)) as StoredWeight)); // [N, V]
  const targets = graph.input('targets', 'int64', ['N', 1]);
  graph.output('logits', all);
  const said = statistics(config, all, targets, graph.input('top', 'int64', [1]));
  for (const [name, tensor] of Object.entries(said)) graph.output(name, tensor);
  return graph;
}

/** Of logits [N, V], by their names in `STATISTICS`. */
export function statistics(
  { vocabularySize }: Gpt2Config,
  logits: Tensor,
  targets: Tensor,
  top: Tensor,
): Readonly<Record<(typeof STATISTICS)[number], Tensor>> {
  const target = pick(logits, targets); // [N, 1]
  const probabilities = softmax(logits); // [N, V]
  const best = topK(logits, top, 'K'); // [N, K]
  const columns = Array.from({ length: vocabularySize }, (_, column) => column);
  const column = logits.graph.integers(columns, [1, vocabularySize]); // [1, V]
  const before = or(greater(logits, target), and(equal(logits, target), less(column, targets))); // [N, V]
  // Seen from the best, so that a likely token's share of the entropy is not lost in the size of the logits.
  const belowBest = subtract(logits, firstColumns(best.values, 1)); // [N, V]
  return {
    target,
    before: countTrue(before), // [N, 1]
    topLogits: best.values,
    topIds: best.indices,
    topProbabilities: pick(probabilities, best.indices),
    meanBelowBest: rowProducts(probabilities, belowBest), // [N, 1]
  };
}

const ELEMENT: Readonly<Record<string, ElementType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/**
 * Puts a weight into a graph, in which it is float32 however it is kept: by its place in the file, or as an input where
 * its numbers are held in memory. What is in blocks is never widened (onnx/blockProducts.ts); halves are in each run.
 */
export function bind(graph: Graph, { name, shape, ...source }: StoredWeight): Tensor {
  if (source.values) return graph.input(name, 'float32', shape);
  if ('blocks' in source) return graph.initializer(name, { type: 'float32', shape }, { blocks: source.blocks });
  const type = ELEMENT[source.location.dtype] as ElementType;
  const kept = graph.initializer(name, { type, shape }, source.location);
  return type === 'float32' ? kept : cast(kept, 'float32');
}
