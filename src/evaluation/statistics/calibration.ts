import type { ClassificationResult } from '../../protocol/evaluation/folder.ts';

const BINS = 10;

/** How often what was predicted with a confidence was right. */
export interface Calibration {
  /** `confidence`: the probability of what was predicted, 0 to 1. */
  add(confidence: number, right: boolean): void;
  /** Bins of equal width that have rows. */
  bins(): ClassificationResult['calibration'];
  /** Mean distance of confidence and accuracy over the rows, by bins (Guo et al. 2017, equation 3); 0 without rows. */
  error(): number;
}

/** A bin is open below, as in Guo et al.: (0.5, 0.6]; the first holds 0 too. */
export function calibration(): Calibration {
  const sums = Array.from({ length: BINS }, () => ({ rows: 0, confidence: 0, right: 0 }));
  return {
    add(confidence, right) {
      const bin = sums[Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1))] as (typeof sums)[number];
      bin.rows += 1;
      bin.confidence += confidence;
      bin.right += right ? 1 : 0;
    },
    bins: () =>
      sums.flatMap(({ rows, confidence, right }, at) =>
        rows === 0
          ? []
          : [{ from: at / BINS, to: (at + 1) / BINS, rows, confidence: confidence / rows, accuracy: right / rows }],
      ),
    error() {
      const total = sums.reduce((sum, { rows }) => sum + rows, 0);
      const distance = sums.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0);
      return total === 0 ? 0 : distance / total;
    },
  };
}
