import type { Tensor } from '../../onnx/graph.ts';
import { product } from '../../onnx/operators/matrix.ts';
import { type Feed, float32 } from '../../onnx/session.ts';
import type { Pooling } from '../../protocol/run/spec.ts';
import { idsOf, sequencesOfRow } from '../examples/examples.ts';
import type { Reading } from '../graphs/reading.ts';
import type { MicroBatch } from '../learner.ts';

// Letters in shapes: A texts, N positions that are read, D width.

/** What pads where padding is attended to, and what a last token is not; null where the model has no such id. */
export type PadId = number | null;

/** All texts of rows, each with the positions whose states are pooled. */
export function pooledReadings({ examples, rows }: MicroBatch, pooling: Pooling, padId: PadId): Reading[] {
  const sequences = rows.flatMap(row => sequencesOfRow(examples, row));
  const texts = sequences.map(sequence => ({ sequence, ids: idsOf(examples, sequence) }));
  const longest = Math.max(...texts.map(({ ids }) => ids.length));
  return texts.map(({ sequence, ids }) => ({
    sequence,
    ...POOLED[pooling](ids, padId, examples.paddedLength ?? longest),
  }));
}

/** The mean of each text's states that are read: [N, D] → [A, D]. */
export const pooledStates = (hidden: Tensor): Tensor =>
  product(hidden.graph.input('shares', 'float32', ['A', 'N']), hidden);

/** Each text's share of the states that are read, whose mean it is: [A, N]. */
export function poolingShares(readings: readonly Reading[]): Feed {
  const count = readings.reduce((sum, { read }) => sum + read.length, 0);
  const shares = new Float32Array(readings.length * count);
  let at = 0;
  for (const [text, { read }] of readings.entries()) {
    shares.fill(1 / read.length, text * count + at, text * count + at + read.length);
    at += read.length;
  }
  return float32(shares, [readings.length, count]);
}

type Pooled = (ids: Int32Array, padId: PadId, paddedLength: number) => Omit<Reading, 'sequence'>;

const POOLED: Readonly<Record<Pooling, Pooled>> = {
  first: ids => ({ ids, read: [0] }),
  mean: ids => ({ ids, read: Array.from(ids, (_, position) => position) }),
  /** As GPT2ForSequenceClassification: the last token that is not padding, even where a text itself ends with that id. */
  last: (ids, padId) => ({
    ids,
    read: [
      Math.max(
        0,
        ids.findLastIndex(id => id !== padId),
      ),
    ],
  }),
  position: (ids, padId, paddedLength) => {
    const padded = Int32Array.from({ length: Math.max(paddedLength, ids.length) }, (_, i) => ids[i] ?? padId ?? 0);
    return { ids: padded, read: [padded.length - 1], padding: padded.length - ids.length };
  },
};
