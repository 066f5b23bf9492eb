import type { Shape } from '../onnx/dimension.ts';
import type { Graph, Tensor } from '../onnx/graph.ts';
import { add, scale } from '../onnx/operators/elementwise.ts';
import { concat, reshape, sizeOf, split, transpose } from '../onnx/operators/layout.ts';
import { matMul } from '../onnx/operators/matrix.ts';
import { softmax } from '../onnx/operators/normalization.ts';
import type { Attention, Surroundings } from './architecture.ts';
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
 *
 * `needed`: the rows of a layer that ask, as its query holds no others.
 */
export function cachedAttention(
  graph: Graph,
  config: Gpt2Config,
  needed: NonNullable<Surroundings['needed']>,
): Attention {
  const mask = graph.input('mask', 'float32', ['S', 'P + S']);
  let lengths: Tensor | undefined; // the same in all layers
  return (layer, query, key, value) => {
    const past = pastOf(graph, config, layer);
    const names = cacheNames(layer);
    const rows = { keys: perHead(config, key, 'S'), values: perHead(config, value, 'S'), count: 'S' };
    graph.output(names.keys, rows.keys);
    graph.output(names.values, rows.values);
    lengths ??= lengthsOf([past, rows]);
    return attend(config, layer, query, [past, rows], { mask: needed(layer, mask), lengths });
  };
}

/** Rows that are attended to: keys and values, [count, H, Dh]. */
export interface Memory {
  readonly keys: Tensor;
  readonly values: Tensor;
  readonly count: string;
}

/** The rows that came before, which a run is given. */
export function pastOf(graph: Graph, config: Gpt2Config, layer: number): Memory {
  const names = cacheNames(layer);
  const shape: Shape = ['P', config.heads, config.width / config.heads];
  const [keys, values] = [
    graph.input(names.pastKeys, 'float32', shape),
    graph.input(names.pastValues, 'float32', shape),
  ];
  return { keys, values, count: 'P' };
}

/** [rows, D] → [rows, H, Dh] */
export const perHead = ({ heads, width }: Gpt2Config, x: Tensor, rows: string): Tensor =>
  reshape(x, [rows, heads, width / heads]);

/** How many rows each memory has: int64 [2] */
export const lengthsOf = (memories: readonly [Memory, Memory]): Tensor =>
  concat(
    memories.map(({ keys }) => sizeOf(keys, 0)),
    0,
  );

/**
 * Queries [Q, D] over the rows of both memories, of which the mask [Q, sum of both] hides some: [Q, D].
 *
 * The queries are scaled before they meet the keys: of a single row, the kernel multiplies without a copy of the keys only
 * where it need not scale the product, which at 512 rows takes half the time.
 */
export function attend(
  config: Gpt2Config,
  layer: number,
  query: Tensor,
  memories: readonly [Memory, Memory],
  { mask, lengths }: { readonly mask: Tensor; readonly lengths: Tensor },
): Tensor {
  const [rows] = query.shape as [string];
  const q = perHead(config, scale(query, config.attentionScale(layer)), rows);
  const scores = memories.map(({ keys }) => matMul(q, keys, { a: TOKEN_MAJOR, b: TOKEN_MAJOR_TRANSPOSED }));
  const all = add(concat(scores, 2), mask); // [H, Q, sum of both]
  const counts = memories.map(({ count }) => count);
  const shares = split(softmax(all), 2, counts, lengths);
  const mixed = memories
    .map(({ values }, index) => matMul(shares[index] as Tensor, values, { b: TOKEN_MAJOR }))
    .reduce(add); // [H, Q, Dh]
  return reshape(transpose(mixed, [1, 0, 2]), [rows, config.width]);
}

const TOKEN_MAJOR = { rowsFirst: true };
const TOKEN_MAJOR_TRANSPOSED = { rowsFirst: true, transposed: true };
