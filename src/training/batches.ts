import { uniformStream } from '../decoding/sampler.ts';
import type { TrainingSpec } from '../protocol/run/spec.ts';
import { type Examples, rowCount } from './examples/examples.ts';
import type { MicroBatch } from './learner.ts';

type BatchSpec = Pick<TrainingSpec, 'batchSize' | 'accumulation' | 'shuffle' | 'seed'>;

/**
 * Micro-batches whose rows are sorted by length together. More saves padding; fewer keep batches mixed, where length
 * goes with a label.
 */
const POOL_BATCHES = 8;

/**
 * The order of a part's rows in an epoch: it follows from the seed and the epoch's number alone, so that a run that is
 * resumed goes on as it would have gone on.
 */
export function orderOfEpoch(examples: Examples, epoch: number, { batchSize, shuffle, seed }: BatchSpec): number[] {
  const rows = Array.from({ length: rowCount(examples) }, (_, row) => row);
  if (!shuffle) return rows;
  const uniform = uniformStream(seed, epoch);
  shuffleInPlace(rows, uniform);
  return examples.paddedLength === null ? groupedByLength(rows, examples, batchSize, uniform) : rows;
}

/** The step's micro-batches: its rows of the epoch's order, batchSize at a time. */
export function microBatches(
  examples: Examples,
  order: readonly number[],
  stepOfEpoch: number,
  { batchSize, accumulation }: BatchSpec,
): MicroBatch[] {
  const size = batchSize * accumulation;
  return batched(order.slice(stepOfEpoch * size, (stepOfEpoch + 1) * size), batchSize).map(rows => ({
    examples,
    rows,
  }));
}

/** So many items at a time, the last time what is left. */
export const batched = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, batch) => items.slice(batch * size, (batch + 1) * size));

/**
 * Batches of similar length, in random order. The rows that do not fill a batch stay last, so that every other batch is
 * whole.
 */
function groupedByLength(
  rows: readonly number[],
  examples: Examples,
  batchSize: number,
  uniform: () => number,
): number[] {
  const whole = rows.length - (rows.length % batchSize);
  const length = lengthsOf(examples);
  const batches = batched(rows.slice(0, whole), POOL_BATCHES * batchSize).flatMap(pool =>
    batched(
      pool.sort((a, b) => length(a) - length(b)),
      batchSize,
    ),
  );
  shuffleInPlace(batches, uniform);
  return [...batches.flat(), ...rows.slice(whole)];
}

/** The tokens of a row's longest sequence: what the others of its batch are padded to. */
function lengthsOf({ offsets, rowOffsets }: Examples): (row: number) => number {
  return row => {
    let longest = 0;
    for (let sequence = rowOffsets[row] as number; sequence < (rowOffsets[row + 1] as number); sequence++)
      longest = Math.max(longest, (offsets[sequence + 1] as number) - (offsets[sequence] as number));
    return longest;
  };
}

/** Fisher and Yates. */
function shuffleInPlace<T>(items: T[], uniform: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
}
