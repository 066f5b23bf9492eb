import type { Shape } from '../onnx/dimension.ts';
import type { Graph, Tensor } from '../onnx/graph.ts';
import { add } from '../onnx/operators/elementwise.ts';
import { concat, reshape, sizeOf, split, transpose } from '../onnx/operators/layout.ts';
import { matMul } from '../onnx/operators/matrix.ts';
import { softmax } from '../onnx/operators/normalization.ts';
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
 * side by side, and the branches of a tree that share what came before.
 *
 * The cache is kept outside, token-major, and read in place: every output is copied when a run returns, so that a cache
 * that came out would cost more than the model (22 ms a token at a length of 1,024), and joining keys and values in here
 * would copy them too. Scores are joined instead, which are small. P is at least 1: the kernel can't multiply an empty
 * matrix.
 */
export function cachedAttention(graph: Graph, config: Gpt2Config): Attention {
  const { heads, width } = config;
  const perHead = (rows: string): Shape => [rows, heads, width / heads];
  const mask = graph.input('mask', 'float32', ['S', 'P + S']);
  return (layer, query, key, value) => {
    const names = cacheNames(layer);
    const pastKeys = graph.input(names.pastKeys, 'float32', perHead('P')); // [P, H, Dh]
    const pastValues = graph.input(names.pastValues, 'float32', perHead('P')); // [P, H, Dh]
    const [q, k, v] = [query, key, value].map(x => reshape(x, perHead('S'))) as [Tensor, Tensor, Tensor]; // [S, H, Dh]
    graph.output(names.keys, k);
    graph.output(names.values, v);
    const scores = (keys: Tensor): Tensor =>
      matMul(q, keys, { a: TOKEN_MAJOR, b: TOKEN_MAJOR_TRANSPOSED, alpha: config.attentionScale(layer) });
    const all = add(concat([scores(pastKeys), scores(k)], 2), mask); // [H, S, P + S]
    const lengths = concat([sizeOf(pastKeys, 0), sizeOf(k, 0)], 0); // [2]
    const [onPast, onRows] = split(softmax(all), 2, ['P', 'S'], lengths) as [Tensor, Tensor];
    const mixed = add(matMul(onPast, pastValues, { b: TOKEN_MAJOR }), matMul(onRows, v, { b: TOKEN_MAJOR })); // [H, S, Dh]
    return reshape(transpose(mixed, [1, 0, 2]), ['S', width]);
  };
}

const TOKEN_MAJOR = { rowsFirst: true };
const TOKEN_MAJOR_TRANSPOSED = { rowsFirst: true, transposed: true };
