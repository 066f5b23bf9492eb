import { withGradient } from '../../autodiff/ownGradient.ts';
import type { Attention } from '../../gpt2/architecture.ts';
import type { Gpt2Config } from '../../gpt2/config.ts';
import { type Dimension, multiplyDimensions, sizeAt } from '../../onnx/dimension.ts';
import type { Graph, Tensor } from '../../onnx/graph.ts';
import { add } from '../../onnx/operators/elementwise.ts';
import { gather } from '../../onnx/operators/indexing.ts';
import { reshape } from '../../onnx/operators/layout.ts';
import { matMul } from '../../onnx/operators/matrix.ts';
import { softmax } from '../../onnx/operators/normalization.ts';

/**
 * Where rows stand in a batch of sequences, and back: `places` int32 [B, H, T] is the piece of a row that stands in a
 * slot, `slots` int32 [S, H] the slot in which a piece of a row stands. A piece is a row's share of one head, Dh wide,
 * piece s · H + h; the slot of head h of token t of sequence b is (b · H + h) · T + t.
 */
export interface Placement {
  readonly places: Tensor;
  readonly slots: Tensor;
}

/** Who attends to whom: queries [N, D] in slots [B, Q], keys and values [S, D] in slots [B, K]. */
export interface Slots {
  readonly queries: Placement;
  readonly keys: Placement;
  /** [B, 1, Q, K], added to the scores: 0 where a query sees a key, -Infinity where it does not. */
  readonly mask: Tensor;
}

/** Slots of a graph whose rows all attend: Q = K = T, and one placement serves both. */
export function allSlots(graph: Graph, { heads }: Gpt2Config): Slots {
  const rows = {
    places: graph.input('places', 'int32', ['B', heads, 'T']),
    slots: graph.input('slots', 'int32', ['S', heads]),
  };
  return { queries: rows, keys: rows, mask: graph.input('mask', 'float32', ['B', 1, 'T', 'T']) };
}

/** Slots of a layer in which just N of the S rows ask. */
export function someSlots(graph: Graph, { heads }: Gpt2Config): Slots {
  return {
    queries: {
      places: graph.input('query.places', 'int32', ['B', heads, 'Q']),
      slots: graph.input('query.slots', 'int32', ['N', heads]),
    },
    keys: {
      places: graph.input('key.places', 'int32', ['B', heads, 'K']),
      slots: graph.input('key.slots', 'int32', ['S', heads]),
    },
    mask: graph.input('query.mask', 'float32', ['B', 1, 'Q', 'K']),
  };
}

/**
 * Attention among the rows of several sequences of different lengths. The rows are real tokens alone, so that no linear
 * layer works on padding; attention spreads them into slots and collects them again. Every row has exactly one slot, so
 * each of the two is the other's gradient. A slot without a row holds any row; the mask keeps such slots to themselves,
 * so that neither their values nor their gradients reach a real one.
 */
export function batchedAttention(
  config: Gpt2Config,
  slotsOf: (layer: number) => Slots,
  dropped: (probabilities: Tensor) => Tensor,
): Attention {
  return (layer, query, key, value) => {
    const { queries, keys, mask } = slotsOf(layer);
    const [q, k, v] = [spread(query, queries), spread(key, keys), spread(value, keys)] as [Tensor, Tensor, Tensor];
    const alpha = config.attentionScale(layer);
    const scores = add(matMul(q, k, { b: { transposed: true }, alpha }), mask); // [B, H, Q, K]
    return collect(matMul(dropped(softmax(scores)), v), queries); // [N, D]
  };
}

/** [S, D] → [B, H, T, Dh] */
function spread(rows: Tensor, { places, slots }: Placement): Tensor {
  const pieces = (x: Tensor): Tensor => {
    const [count, heads, width] = [sizeAt(x.shape, 0), sizeAt(places.shape, 1) as number, sizeAt(x.shape, 1) as number];
    return reshape(x, [multiplyDimensions(count, heads), width / heads]);
  };
  return withGradient(gather(pieces(rows), places), [rows], grad => [() => collect(grad, { places, slots })]);
}

/** [B, H, T, Dh] → [S, D] */
function collect(x: Tensor, { places, slots }: Placement): Tensor {
  const [batch, heads, length, size] = x.shape as [Dimension, number, Dimension, number];
  const flat = reshape(x, [multiplyDimensions(multiplyDimensions(batch, heads), length), size]); // [B · H · T, Dh]
  const rows = reshape(gather(flat, slots), [sizeAt(slots.shape, 0), heads * size]);
  return withGradient(rows, [x], grad => [() => spread(grad, { places, slots })]);
}
