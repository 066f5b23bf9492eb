import type { Graph } from '../onnx/graph.ts';
import { attention } from '../onnx/operators/attention.ts';
import { concat, reshape } from '../onnx/operators/layout.ts';
import type { Attention } from './architecture.ts';
import type { Gpt2Config } from './config.ts';

/** The names of a layer's cache among the inputs (what came before) and outputs (the rows of this run) of a graph. */
export const cacheNames = (layer: number) => ({
  pastKeys: `pastKeys.${layer}`,
  pastValues: `pastValues.${layer}`,
  keys: `keys.${layer}`,
  values: `values.${layer}`,
});

/**
 * Attention over a key-value cache and the rows themselves. Who sees whom is one input, `mask` [S, P + S], added to the
 * scores: 0 where a row sees another, -Infinity where it does not. So the same graph serves one text, several packed
 * side by side, and branches of a tree that share what came before.
 *
 * The cache is kept outside and given at each run, and only the new rows come out: every output is copied when a run
 * returns, and a whole cache would cost more than the model.
 */
export function cachedAttention(graph: Graph, config: Gpt2Config): Attention {
  const { heads, width } = config;
  const mask = graph.input('mask', 'float32', ['S', 'P + S']);
  return (layer, query, key, value) => {
    const names = cacheNames(layer);
    const pastKeys = graph.input(names.pastKeys, 'float32', ['P', width]);
    const pastValues = graph.input(names.pastValues, 'float32', ['P', width]);
    graph.output(names.keys, key); // [S, D]
    graph.output(names.values, value); // [S, D]
    const keys = reshape(concat([pastKeys, key], 0), [1, 'P + S', width]);
    const values = reshape(concat([pastValues, value], 0), [1, 'P + S', width]);
    const scale = config.attentionScale(layer);
    return reshape(attention(reshape(query, [1, 'S', width]), keys, values, mask, { heads, scale }), ['S', width]);
  };
}
