import { add, cast, gelu, multiply, relu, subtract, tanh } from '../onnx/operators/elementwise.ts';
import { Graph, node, type Tensor } from '../onnx/graph.ts';
import type { Shape } from '../onnx/dimension.ts';
import { reshape, transpose } from '../onnx/operators/layout.ts';
import { linearTransposed } from '../onnx/operators/matrix.ts';
import { softmax } from '../onnx/operators/normalization.ts';
import { cumulativeSum, reduceMax, reduceSum } from '../onnx/operators/reductions.ts';
import { type Attention, hiddenStates } from './architecture.ts';
import { type ClassifierConfig, HEAD_TENSORS } from './classifierConfig.ts';
import type { Gpt2Config } from './config.ts';
import { headName, mapParameters } from './parameters.ts';

// Letters in shapes: B sequences, T tokens, D width, H heads, Dh = D / H, V vocabulary, C labels.

/** Puts a tensor of the exported folder into the graph, by its name without `transformer.`: each is asked for once. */
export type Bind = (graph: Graph, name: string) => Tensor;

/**
 * The model as other programs run it: input_ids and attention_mask, int64 [B, T] → logits, [B, T, V], or [B, C] of a
 * classifier, with the names that transformers' exporters give. Plain ONNX operators alone, but for the matrices that
 * `bind` gives in blocks, which need ONNX Runtime.
 */
export function exportGraph(config: Gpt2Config, classifier: ClassifierConfig | null, bind: Bind): Graph {
  const graph = new Graph();
  const ids = graph.input('input_ids', 'int64', ['B', 'T']);
  const mask = graph.input('attention_mask', 'int64', ['B', 'T']);
  const positions = positionsOf(ids);
  // Where the padded end is read, padding is attended to, as in training.
  const seen = classifier?.pooling === 'position' ? onesLike(mask) : mask;
  const rows = { ids: reshape(ids, ['B * T']), positions: reshape(positions, ['B * T']) };
  const parameters = mapParameters(config, name => bind(graph, name));
  const hidden = hiddenStates(config, parameters, rows, { attention: attention(config, positions, seen) }); // [B T, D]
  if (!classifier) {
    const head = config.tied ? parameters.tokenEmbedding : bind(graph, headName(config)); // [V, D]
    graph.output('logits', reshape(linearTransposed(hidden, head), ['B', 'T', config.vocabularySize]));
  } else {
    const states = reshape(hidden, ['B', 'T', config.width]);
    const weights = poolingWeights(classifier, ids, mask, positions); // [B, 1, T]
    const pooled = reshape(batched(weights, states, ['B', 1, config.width]), ['B', config.width]);
    graph.output('logits', classifierLogits(graph, classifier, pooled, bind));
  }
  standardize(graph);
  return graph;
}

/** 0, 1, 2, … in each row: int64 [B, T]. */
function positionsOf(ids: Tensor): Tensor {
  return subtract(cumulativeSum(onesLike(ids), 1), ids.graph.integers([1]));
}

const onesLike = (x: Tensor): Tensor => add(multiply(x, x.graph.integers([0])), x.graph.integers([1]));

/** Each token sees those before it and itself, but no padding. Scores of what is not seen are the lowest float32. */
function attention({ heads, width, attentionScale }: Gpt2Config, positions: Tensor, mask: Tensor): Attention {
  const { graph } = positions;
  const before = node('GreaterOrEqual', [reshape(positions, ['B', 1, 'T', 1]), reshape(positions, ['B', 1, 1, 'T'])], {
    type: 'bool',
    shape: ['B', 1, 'T', 'T'],
  });
  const real = cast(reshape(mask, ['B', 1, 1, 'T']), 'bool');
  const seen = node('And', [before, real], { type: 'bool', shape: ['B', 1, 'T', 'T'] });
  const bias = where(seen, graph.scalar(0), graph.scalar(LOWEST), ['B', 1, 'T', 'T']);
  const perHead = (x: Tensor, order: readonly number[]): Tensor =>
    transpose(reshape(x, ['B', 'T', heads, width / heads]), order);
  return (layer, query, key, value) => {
    const [q, k, v] = [perHead(query, [0, 2, 1, 3]), perHead(key, [0, 2, 3, 1]), perHead(value, [0, 2, 1, 3])];
    const products = batched(q as Tensor, k as Tensor, ['B', heads, 'T', 'T']);
    const scores = add(multiply(products, graph.scalar(attentionScale(layer))), bias);
    const mixed = batched(softmax(scores), v as Tensor, ['B', heads, 'T', width / heads]);
    return reshape(transpose(mixed, [0, 2, 1, 3]), ['B * T', width]);
  };
}

const LOWEST = -3.4028234663852886e38;

/** How much of each token's state the head reads: float32 [B, 1, T]. */
function poolingWeights({ pooling, padToken }: ClassifierConfig, ids: Tensor, mask: Tensor, positions: Tensor): Tensor {
  const { graph } = ids;
  const shape = ['B', 1, 'T'] as const;
  const places = floats(positions);
  const only = (position: Tensor): Tensor =>
    floats(node('Equal', [places, position], { type: 'bool', shape: ids.shape }));
  const weights = (): Tensor => {
    if (pooling === 'mean') {
      const counted = cast(mask, 'float32');
      return node('Div', [counted, reduceSum(counted, [1])], { type: 'float32', shape: ids.shape });
    }
    if (pooling === 'first') return only(graph.scalar(0));
    if (pooling === 'position') return only(highest(places));
    const isPadding = node('Equal', [ids, graph.integers([padToken ?? -1])], { type: 'bool', shape: ids.shape });
    return only(highest(where(isPadding, graph.scalar(0), places, ids.shape)));
  };
  return reshape(weights(), shape);
}

const floats = (x: Tensor): Tensor => cast(x, 'float32');
/** [B, T] → [B, 1] */
const highest = (x: Tensor): Tensor => reduceMax(x, [1]);

const where = (condition: Tensor, yes: Tensor, no: Tensor, shape: Shape): Tensor =>
  node('Where', [condition, yes, no], { type: yes.type, shape });

const batched = (a: Tensor, b: Tensor, shape: Shape): Tensor => node('MatMul', [a, b], { type: a.type, shape });

const ACTIVATE = { relu, gelu, tanh };

function classifierLogits(graph: Graph, { hidden, bias }: ClassifierConfig, pooled: Tensor, bind: Bind): Tensor {
  const layered = hidden
    ? ACTIVATE[hidden.activation](
        add(linearTransposed(pooled, bind(graph, HEAD_TENSORS.hiddenWeight)), bind(graph, HEAD_TENSORS.hiddenBias)),
      )
    : pooled;
  const logits = linearTransposed(layered, bind(graph, HEAD_TENSORS.score));
  return bias ? add(logits, bind(graph, HEAD_TENSORS.bias)) : logits;
}

/** ONNX Runtime's faster operators in ONNX's own words, which every runtime knows. */
function standardize(graph: Graph): void {
  for (const [at, made] of graph.nodes.entries()) {
    if (made.operator !== 'FastGelu') continue;
    graph.nodes[at] = { ...made, operator: 'Gelu', domain: '', attributes: { approximate: { string: 'tanh' } } };
  }
}
