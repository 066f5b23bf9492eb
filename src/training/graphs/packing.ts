import { type Feeds, float32, int32, int64 } from '../../onnx/session.ts';

/** A sequence that goes through the model, and which of its positions are read, in rising order. */
export interface Reading {
  /** Its number within its part. */
  readonly sequence: number;
  readonly ids: ArrayLike<number>;
  readonly read: readonly number[];
  /** How many of the ids are padding that is attended to. */
  readonly padding?: number;
  readonly fork?: Fork;
}

/**
 * A second ending of the same beginning: what stands at `at` and after it goes on from the `from` first ids, and does not
 * see what stands between.
 */
export interface Fork {
  readonly at: number;
  readonly from: number;
}

/** What the inputs of a training graph are given, and the sizes that its symbols stand for. */
export interface Packed {
  readonly feeds: Feeds;
  readonly sizes: PackedSizes;
}

/**
 * B sequences, S rows of all, T tokens of the longest, N rows that are read, Q of the sequence with the most, K slots of
 * keys in the last layer.
 */
export type PackedSizes = Readonly<Record<'B' | 'S' | 'T' | 'N' | 'Q' | 'K', number>>;

/** Sequences put one after another, with so many slots for each at least. */
export function pack(readings: readonly Reading[], heads: number, atLeast = { T: 0, Q: 0, K: 0 }): Packed {
  const lengths = readings.map(({ ids }) => ids.length);
  const counts = readings.map(({ read }) => read.length);
  const [T, Q] = [Math.max(atLeast.T, ...lengths), Math.max(atLeast.Q, ...counts)];
  // Queries without a row look at slots of keys without a row, of which there must then be one.
  const needed = lengths.some((length, n) => length === T && (counts[n] as number) < Q) ? T + 1 : T;
  const K = Math.max(atLeast.K, needed);
  const starts = offsets(lengths);
  const [S, N] = [starts.at(-1) as number, offsets(counts).at(-1) as number];
  return {
    sizes: { B: readings.length, S, T, N, Q, K },
    feeds: {
      ids: int64(readings.flatMap(({ ids }) => Array.from(ids))),
      positions: int64(readings.flatMap(({ ids, fork }) => range(ids.length).map(index => positionOf(index, fork)))),
      read: int64(readings.flatMap(({ read }, n) => read.map(position => (starts[n] as number) + position))),
      ...placement('', lengths, T, heads),
      ...placement('query.', counts, Q, heads),
      ...placement('key.', lengths, K, heads),
      mask: attentionMask(
        readings.map(reading => ({ ...reading, read: range(reading.ids.length) })),
        T,
        T,
      ),
      'query.mask': attentionMask(readings, Q, K),
    },
  };
}

const positionOf = (index: number, fork: Fork | undefined): number =>
  fork && index >= fork.at ? fork.from + index - fork.at : index;

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Where each of some counts starts, and the end of the last. */
function offsets(counts: readonly number[]): number[] {
  const starts = [0];
  for (const count of counts) starts.push((starts.at(-1) as number) + count);
  return starts;
}

/** `places` [B, H, T] and `slots` [S, H] of Placement (attention.ts), for sequences of these lengths. */
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
 * [B, 1, Q, K]: a position that is read sees itself and those before it, after a fork of its own ending; a slot without
 * one sees slots without a key.
 */
function attentionMask(readings: readonly Reading[], Q: number, K: number) {
  const mask = new Float32Array(readings.length * Q * K).fill(Number.NEGATIVE_INFINITY);
  for (const [sequence, { ids, read, fork }] of readings.entries()) {
    for (let query = 0; query < Q; query++) {
      const position = read[query];
      const seen = mask.subarray((sequence * Q + query) * K, (sequence * Q + query + 1) * K);
      if (position === undefined) seen.fill(0, ids.length);
      else if (fork && position >= fork.at) seen.fill(0, 0, fork.from).fill(0, fork.at, position + 1);
      else seen.fill(0, 0, position + 1);
    }
  }
  return float32(mask, [readings.length, 1, Q, K]);
}
