import type { Examples } from '../../../src/training/examples/examples.ts';

/** Rows of one sequence each, of all tokens but the first scored. */
export function examplesOf(sequences: ReadonlyArray<readonly number[]>, paddedLength: number | null = null): Examples {
  const offsets = [0];
  for (const { length } of sequences) offsets.push((offsets.at(-1) as number) + length);
  return {
    ids: Int32Array.from(sequences.flat()),
    offsets,
    promptTokens: new Int32Array(sequences.length),
    scored: Uint8Array.from(sequences.flatMap(ids => ids.map((_, token) => (token === 0 ? 0 : 1)))),
    labels: null,
    rowOffsets: [0, ...sequences.map((_, row) => row + 1)],
    paddedLength,
  };
}

/** So many rows of 2 to 12 tokens below `vocabulary`, always the same. */
export const manyExamples = (rows: number, vocabulary = 8): Examples =>
  examplesOf(
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: 2 + ((row * 7) % 11) }, (_, token) => (row * row + 3 * token * (row + 1)) % vocabulary),
    ),
  );
