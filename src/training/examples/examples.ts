import type { Experience } from '../experience/rollouts.ts';

/**
 * The prepared examples of one part of the split: data/<part>.safetensors of a run folder. All trainers see the same
 * ids, and none knows a template. A row is one sequence, or two (chosen, rejected), or several (ranked, label words).
 */
export interface Examples {
  /** All sequences, one after another: [tokens]. */
  readonly ids: Int32Array;
  /** Where each sequence starts, and the end of the last: [sequences + 1]. */
  readonly offsets: readonly number[];
  /** Tokens of the prompt of each sequence: [sequences]. */
  readonly promptTokens: Int32Array;
  /** 1 where this token is a target of the loss; never the first of a sequence: [tokens]. */
  readonly scored: Uint8Array;
  /** Index into the labels of each row, where rows have labels: [rows]. */
  readonly labels: readonly number[] | null;
  /** Which sequence each row starts with, and the end of the last: [rows + 1]. */
  readonly rowOffsets: readonly number[];
  /** The length that every sequence is padded to; null: padding is by batch. */
  readonly paddedLength: number | null;
  /** What a model that does not train says of each sequence, where the method compares with one: [sequences]. Not stored. */
  readonly reference?: Float32Array;
  /** What a policy is taught about the scored tokens, where they are its own. Not stored. */
  readonly experience?: Experience;
}

export const rowCount = ({ rowOffsets }: Examples): number => rowOffsets.length - 1;

/** The numbers of a row's sequences. */
export function sequencesOfRow({ rowOffsets }: Examples, row: number): number[] {
  const first = rowOffsets[row] as number;
  return Array.from({ length: (rowOffsets[row + 1] as number) - first }, (_, index) => first + index);
}

/** The ids of a sequence. */
export const idsOf = ({ ids, offsets }: Examples, sequence: number): Int32Array =>
  ids.subarray(offsets[sequence], offsets[sequence + 1]);

/** Where in a sequence its scored tokens stand. */
export function targetsOf({ offsets, scored }: Examples, sequence: number): number[] {
  const [start, end] = [offsets[sequence] as number, offsets[sequence + 1] as number];
  return Array.from({ length: end - start }, (_, position) => position).filter(
    position => scored[start + position] === 1,
  );
}
