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

/** GPT-2 (Radford et al. 2019): the final hidden states [S, D], from which the head predicts. */
export function hiddenStates(
  config: Gpt2Config,
  weights: Parameters<Tensor>,
  rows: Rows,
  attention: Attention,
): Tensor {
  const normalized = (x: Tensor, { weight, bias }: Norm<Tensor>): Tensor =>
    layerNorm(x, weight, bias, config.layerNormEpsilon);
  let x = add(gather(weights.tokenEmbedding, rows.ids), gather(weights.positionEmbedding, rows.positions)); // [S, D]
  for (const [layer, block] of weights.blocks.entries()) {
    const projected = project(normalized(x, block.norm1), block.attention.input); // [S, 3 D]
    const [query, key, value] = split(projected, 1, [config.width, config.width, config.width]) as Three;
    x = add(x, project(attention(layer, query, key, value), block.attention.output));
    const inner = activate(config.activation, project(normalized(x, block.norm2), block.feedForward.input));
    x = add(x, project(inner, block.feedForward.output));
  }
  return normalized(x, weights.finalNorm);
}

type Three = [Tensor, Tensor, Tensor];

const project = (x: Tensor, { weight, bias }: Projection<Tensor>): Tensor => linear(x, weight, bias);

const ACTIVATE: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { gelu, geluTanh, relu };
const activate = (activation: Activation, x: Tensor): Tensor => ACTIVATE[activation](x);
