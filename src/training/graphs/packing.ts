import { type Feeds, float32, int32, int64 } from '../../onnx/session.ts';
import type { Tree } from './trees.ts';

/** What the inputs of a training graph are given, and the sizes that its symbols stand for. */
export interface Packed {
  readonly feeds: Feeds;
  readonly sizes: PackedSizes;
}

/**
 * B trees of sequences, S rows of all, T rows of the largest, N rows that are read, Q of the tree with the most, K slots of
 * keys in the last layer.
 */
export type PackedSizes = Readonly<Record<'B' | 'S' | 'T' | 'N' | 'Q' | 'K', number>>;

/** Trees put one after another, with so many slots for each at least. */
export function pack(trees: readonly Tree[], heads: number, atLeast = { T: 0, Q: 0, K: 0 }): Packed {
  const lengths = trees.map(({ ids }) => ids.length);
  const counts = trees.map(({ read }) => read.length);
  const [T, Q] = [Math.max(atLeast.T, ...lengths), Math.max(atLeast.Q, ...counts)];
  // Queries without a row look at slots of keys without a row, of which there must then be one.
  const needed = lengths.some((length, n) => length === T && (counts[n] as number) < Q) ? T + 1 : T;
  const K = Math.max(atLeast.K, needed);
  const starts = offsets(lengths);
  const [S, N] = [starts.at(-1) as number, offsets(counts).at(-1) as number];
  return {
    sizes: { B: trees.length, S, T, N, Q, K },
    feeds: {
      ids: int64(trees.flatMap(({ ids }) => ids)),
      positions: int64(trees.flatMap(({ positions }) => positions)),
      read: int64(trees.flatMap(({ read }, n) => read.map(row => (starts[n] as number) + row))),
      ...placement('', lengths, T, heads),
      ...placement('query.', counts, Q, heads),
      ...placement('key.', lengths, K, heads),
      mask: attentionMask(trees, ({ ids }) => [...ids.keys()], T, T),
      'query.mask': attentionMask(trees, ({ read }) => read, Q, K),
    },
  };
}

/** Where each of some counts starts, and the end of the last. */
function offsets(counts: readonly number[]): number[] {
  const starts = [0];
  for (const count of counts) starts.push((starts.at(-1) as number) + count);
  return starts;
}

/** `places` [B, H, T] and `slots` [S, H] of Placement (attention.ts), for trees of these lengths. */
function placement(prefix: string, lengths: readonly number[], length: number, heads: number): Feeds {
  const rows = offsets(lengths).at(-1) as number;
  const places = new Int32Array(lengths.length * heads * length);
  const slots = new Int32Array(rows * heads);
  let row = 0;
  for (const [sequence, tokens] of lengths.entries()) {
    for (let token = 0; token < tokens; token++, row++) {
      for (let head = 0; head < heads; head++) {
        const slot = (sequence * heads + head) * length + token;
        places[slot] = row * heads + head;
        slots[row * heads + head] = slot;
      }
    }
  }
  return {
    [`${prefix}places`]: int32(places, [lengths.length, heads, length]),
    [`${prefix}slots`]: int32(slots, [rows, heads]),
  };
}

/**
 * [B, 1, Q, K]: a row that asks sees itself and all before it in its sequences; a slot without one sees slots without a
 * key.
 */
function attentionMask(trees: readonly Tree[], asking: (tree: Tree) => readonly number[], Q: number, K: number) {
  const mask = new Float32Array(trees.length * Q * K).fill(Number.NEGATIVE_INFINITY);
  for (const [n, tree] of trees.entries()) {
    const queries = asking(tree);
    for (let query = 0; query < Q; query++) {
      const seen = mask.subarray((n * Q + query) * K, (n * Q + query + 1) * K);
      const asks = queries[query];
      if (asks === undefined) seen.fill(0, tree.ids.length);
      else for (let row = asks; row !== -1; row = tree.before[row] as number) seen[row] = 0;
    }
  }
  return float32(mask, [trees.length, 1, Q, K]);
}
