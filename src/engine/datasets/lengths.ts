import type { LengthStatistics } from '../../protocol/dataset.ts';
import type { Analysis } from '../../training/examples/analysis.ts';

const MOST_BARS = 50;

/** Statistics of the rows that are not left out; null where there are none. */
export function lengthStatistics({ lengths, leftOut }: Analysis, maxLength: number): LengthStatistics | null {
  if (!lengths) return null;
  const sorted = lengths.total.filter((_, row) => !leftOut.has(row)).sort();
  const max = sorted.at(-1);
  if (max === undefined) return null;
  const width = barWidth(max);
  const counts = Array.from({ length: Math.floor(max / width) + 1 }, () => 0);
  let [sum, beyond] = [0, 0];
  for (const length of sorted) {
    sum += length;
    if (length > maxLength) beyond++;
    const bar = Math.floor(length / width);
    counts[bar] = (counts[bar] as number) + 1;
  }
  return {
    mean: sum / sorted.length,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max,
    histogram: { width, counts },
    maxLength,
    beyond,
  };
}

/** 1, 2, 5, 10, 20, 50, …: the first that needs no more bars than there may be. */
function barWidth(max: number): number {
  for (let power = 1; ; power *= 10)
    for (const step of [1, 2, 5]) if (max / (power * step) < MOST_BARS) return power * step;
}

/** The nearest rank: at least that share of the values is no greater. */
const quantile = (sorted: Uint32Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
