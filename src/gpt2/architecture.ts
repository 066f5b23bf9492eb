import { add, gelu, geluTanh, relu } from '../onnx/operators/elementwise.ts';
import type { Tensor } from '../onnx/graph.ts';
import { gather } from '../onnx/operators/indexing.ts';
import { linear } from '../onnx/operators/matrix.ts';
import { split } from '../onnx/operators/layout.ts';
import { layerNorm } from '../onnx/operators/normalization.ts';
import type { Activation, Gpt2Config } from './config.ts';
import type { Norm, Parameters, Projection } from './parameters.ts';

// Letters in shapes: S rows (the tokens evaluated now, of one text or of several), D width, H heads, Dh = D / H,
// P rows that came before (the key-value cache), L layers, V vocabulary.

/** Where a layer's queries find keys and values: among the rows themselves, or in a cache before them too. */
export type Attention = (layer: number, query: Tensor, key: Tensor, value: Tensor) => Tensor;

/** Which token and which position each row holds: int64 [S] both. */
export interface Rows {
  readonly ids: Tensor;
  readonly positions: Tensor;
}

/** What may stand around the parts of the model. Inference needs the attention alone; training puts the rest there. */
export interface Surroundings {
  readonly attention: Attention;
  /** x W + b, or more than that, such as an adapter beside it. */
  readonly project?: (x: Tensor, projection: Projection<Tensor>) => Tensor;
  /** Dropout of the embeddings, and of what each half of a block adds. */
  readonly dropped?: (x: Tensor) => Tensor;
  /** The rows of a layer that anything follows for: what comes after its attention is computed for these alone. */
  readonly needed?: (layer: number, x: Tensor) => Tensor;
}

/** GPT-2 (Radford et al. 2019): the final hidden states [S, D], from which the head predicts. */
export function hiddenStates(
  config: Gpt2Config,
  weights: Parameters<Tensor>,
  rows: Rows,
  around: Surroundings,
): Tensor {
  const embedded = embeddings(weights, rows, around);
  return finalNorm(config, weights, throughBlocks(config, weights, embedded, around, 0));
}

/** [S, D] */
export function embeddings(weights: Parameters<Tensor>, { ids, positions }: Rows, around: Surroundings): Tensor {
  const { dropped = unchanged } = around;
  return dropped(add(gather(weights.tokenEmbedding, ids), gather(weights.positionEmbedding, positions)));
}

/** Through the blocks from number `from` up to, not including, `to`: [S, D] → [S, D]. */
export function throughBlocks(
  config: Gpt2Config,
  weights: Parameters<Tensor>,
  x: Tensor,
  { attention, project = plainly, dropped = unchanged, needed = (_, x) => x }: Surroundings,
  from: number,
  to = config.layers,
): Tensor {
  for (const [index, block] of weights.blocks.slice(from, to).entries()) {
    const layer = from + index;
    const projected = project(normalized(config, x, block.norm1), block.attention.input); // [S, 3 D]
    const [query, key, value] = split(projected, 1, [config.width, config.width, config.width]) as Three;
    const attended = attention(layer, needed(layer, query), key, value);
    x = add(needed(layer, x), dropped(project(attended, block.attention.output)));
    const inner = activate(config.activation, project(normalized(config, x, block.norm2), block.feedForward.input));
    x = add(x, dropped(project(inner, block.feedForward.output)));
  }
  return x;
}

export const finalNorm = (config: Gpt2Config, weights: Parameters<Tensor>, x: Tensor): Tensor =>
  normalized(config, x, weights.finalNorm);

const normalized = (config: Gpt2Config, x: Tensor, { weight, bias }: Norm<Tensor>): Tensor =>
  layerNorm(x, weight, bias, config.layerNormEpsilon);

const plainly = (x: Tensor, { weight, bias }: Projection<Tensor>): Tensor => linear(x, weight, bias);
const unchanged = (x: Tensor): Tensor => x;

type Three = [Tensor, Tensor, Tensor];

const ACTIVATE: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { gelu, geluTanh, relu };
const activate = (activation: Activation, x: Tensor): Tensor => ACTIVATE[activation](x);
