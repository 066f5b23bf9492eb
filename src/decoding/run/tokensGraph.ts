import { type Attention, hiddenStates } from '../../gpt2/architecture.ts';
import { attend, cacheNames, lengthsOf, type Memory, pastOf, perHead } from '../../gpt2/attention.ts';
import type { Gpt2Config } from '../../gpt2/config.ts';
import { bind, statistics } from '../../gpt2/graphs.ts';
import { headName, mapParameters } from '../../gpt2/parameters.ts';
import type { StoredWeight, Weights } from '../../gpt2/weights.ts';
import { arrange } from '../../onnx/arrange.ts';
import { type ElementType, Graph, type Tensor } from '../../onnx/graph.ts';
import { computeProductsIn } from '../../onnx/halfProducts.ts';
import { loop, type Turn } from '../../onnx/operators/control.ts';
import { gather, putRows } from '../../onnx/operators/indexing.ts';
import { concat, filled, reshape } from '../../onnx/operators/layout.ts';
import { linearTransposed } from '../../onnx/operators/matrix.ts';
import { choice } from './choice.ts';

// Letters in shapes: N texts, P rows that came before, C rows that a run adds (its turns times N), D width, H heads,
// Dh = D / H, K alternatives.

/**
 * Several tokens of each of N texts in one run: keys, values and logits stay where they are computed, and what comes out
 * is what is told of each token and, at the end, the rows for the cache.
 *
 * turnCount int64 []; ids int64 [N], the newest of each text, which are not evaluated yet; positions and places, int64
 * [turns, N], of the rows that turns evaluate, among positions of the text and among the C; uniform float64 [turns, N, 1]
 * and the rest of `ChoiceInputs`, [N, 1]; top int64 [1]; what rows see of the cache, pastMask [N, P], and of the C,
 * rowMask [turns, N, C]; the cache, [P, H, Dh] a layer → `ChoiceOutputs` and the statistics of a head for what was
 * chosen, [turns, N, ..]; keys and values of the C rows, [C, H, Dh] a layer.
 *
 * `products`: the type that matrix products are computed in, where it is another than that of all else.
 */
export function tokensGraph(config: Gpt2Config, weights: Weights<StoredWeight>, products: ElementType | null): Graph {
  const graph = new Graph();
  const bound = (name: string): Tensor => bind(graph, weights.tensors.get(name) as StoredWeight);
  const parameters = mapParameters(config, bound);
  const head = config.tied ? parameters.tokenEmbedding : bound(headName(config));
  const top = graph.input('top', 'int64', [1]);
  const pastMask = graph.input('pastMask', 'float32', ['N', 'P']);
  const rowMask = graph.input('rowMask', 'float32', ['turns', 'N', 'C']);
  const past = Array.from({ length: config.layers }, (_, layer) => pastOf(graph, config, layer));
  const drawnBy = choiceInputs(graph);
  let outputNames: string[] = [];
  const token = ({ graph: turn, number, states: [ids, ...rows] }: Turn) => {
    const positions = turn.input('positions', 'int64', ['N']);
    const places = turn.input('places', 'int64', ['N']);
    const mask = concat([pastMask, gather(rowMask, number)], 1); // [N, P + C]
    const attention = addingAttention(config, past, rows, { places, mask });
    const hidden = hiddenStates(config, parameters, { ids: ids as Tensor, positions }, { attention });
    const logits = linearTransposed(hidden, head); // [N, V]
    const chosen = choice(logits, { ...drawnBy, uniform: turn.input('uniform', 'float64', ['N', 1]) });
    const outputs = { ...chosen, ...statistics(config, logits, chosen.id, top) };
    outputNames = Object.keys(outputs);
    if (products) computeProductsIn(products, turn);
    return { states: [reshape(chosen.id, ['N']), ...rows], collected: Object.values(outputs) };
  };
  const noRows = filled(graph, ['C', config.heads, config.width / config.heads], 0);
  const states = [graph.input('ids', 'int64', ['N']), ...Array<Tensor>(2 * config.layers).fill(noRows)];
  const results = loop(graph, { count: graph.input('turnCount', 'int64', []), size: 'turns' }, states, token);
  for (const [index, name] of rowNames(config).entries()) graph.output(name, results.states[1 + index] as Tensor);
  for (const [index, name] of outputNames.entries()) graph.output(name, results.collected[index] as Tensor);
  arrange(graph);
  return graph;
}

/**
 * Attention over the cache and the run's own rows, keys and values of each layer in turn: a turn's own are first put at
 * their places [N] among these, which `rows` then holds. mask [N, P + C]
 */
function addingAttention(
  config: Gpt2Config,
  past: readonly Memory[],
  rows: Tensor[],
  { places, mask }: { readonly places: Tensor; readonly mask: Tensor },
): Attention {
  let lengths: Tensor | undefined; // the same in all layers
  const put = (at: number, x: Tensor): Tensor => {
    const added = putRows(rows[at] as Tensor, places, perHead(config, x, 'N')); // [C, H, Dh]
    rows[at] = added;
    return added;
  };
  return (layer, query, key, value) => {
    const own = { keys: put(2 * layer, key), values: put(2 * layer + 1, value), count: 'C' };
    const memories = [past[layer] as Memory, own] as const;
    lengths ??= lengthsOf(memories);
    return attend(config, layer, query, memories, { mask, lengths });
  };
}

/** Keys of layer 0, values of layer 0, keys of layer 1, … */
const rowNames = ({ layers }: Gpt2Config): string[] =>
  Array.from({ length: layers }, (_, layer) => cacheNames(layer)).flatMap(({ keys, values }) => [keys, values]);

const choiceInputs = (graph: Graph) => ({
  temperature: graph.input('temperature', 'float64', ['N', 1]),
  topK: graph.input('topK', 'int64', ['N', 1]),
  topP: graph.input('topP', 'float64', ['N', 1]),
  minP: graph.input('minP', 'float64', ['N', 1]),
});
