import type { LengthStatistics } from '../../src/protocol/dataset.ts';

export interface LengthBar {
  /** Tokens: from, and up to but not including. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Of the height, 0 to 1. */
  readonly height: number;
  /** All of its sequences are cut. */
  readonly beyond: boolean;
}

/** So that one long row among many short ones can be seen. */
const LEAST_HEIGHT = 0.02;

export interface LengthPicture {
  readonly bars: readonly LengthBar[];
  /** Where the cut stands, 0 to 1; null: right of all bars. */
  readonly cut: number | null;
  /** In tokens, at the right end. */
  readonly end: number;
}

/** The histogram as it is drawn. */
export function lengthPicture({ histogram: { width, counts }, maxLength }: LengthStatistics): LengthPicture {
  const most = Math.max(1, ...counts);
  const bars = counts.map((rows, i) => ({
    from: i * width,
    to: (i + 1) * width,
    rows,
    height: rows === 0 ? 0 : Math.max(LEAST_HEIGHT, rows / most),
    beyond: i * width > maxLength,
  }));
  const end = counts.length * width;
  return { bars, cut: maxLength < end ? maxLength / end : null, end };
}
