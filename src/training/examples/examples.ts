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
}

export const rowCount = ({ rowOffsets }: Examples): number => rowOffsets.length - 1;
