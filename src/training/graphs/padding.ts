import type { PackedSizes } from './packing.ts';
import { apart, type Tree } from './trees.ts';

/** The sizes that micro-batches come to have in common. */
export function commonSizes(each: readonly PackedSizes[]): PackedSizes {
  const largest = (size: (sizes: PackedSizes) => number): number => Math.max(...each.map(size));
  const [N, T, Q] = [largest(({ N }) => N), largest(({ T }) => T), largest(({ Q }) => Q)];
  const S = largest(sizes => sizes.S + N - sizes.N); // as many rows more as are read more, at least
  const common = { B: 0, S, T, N, Q, K: T + 1 };
  return { ...common, B: largest(sizes => sizes.B + fillingLengths(sizes, common).length) };
}

/**
 * Fills a micro-batch up to the common sizes by sequences of their own, which come after the real ones: no real token
 * attends to theirs, and their losses are to weigh nothing.
 */
export function filledUp(trees: readonly Tree[], own: PackedSizes, common: PackedSizes): Tree[] {
  const lengths = fillingLengths(own, common);
  const counts = shares(common.N - own.N, lengths.length);
  const empty = Array.from({ length: common.B - own.B - lengths.length }, () => ({ length: 0, count: 0 }));
  const filling = [...lengths.map((length, index) => ({ length, count: counts[index] as number })), ...empty];
  return [
    ...trees,
    ...apart(
      filling.map(({ length, count }) => ({
        sequence: -1,
        ids: new Int32Array(length),
        read: Array.from({ length: count }, (_, position) => position),
      })),
    ),
  ];
}

/** Lengths of as few sequences as hold the missing rows, of which none is longer than the longest or read more often. */
function fillingLengths(own: PackedSizes, { S, N, T, Q }: PackedSizes): number[] {
  const sequences = Math.max(Math.ceil((S - own.S) / T), Math.ceil((N - own.N) / Q));
  return shares(S - own.S, sequences);
}

/** So many things shared out as evenly as can be, the larger shares first. */
const shares = (count: number, among: number): number[] =>
  Array.from({ length: among }, (_, index) => Math.ceil((count - index) / among));
