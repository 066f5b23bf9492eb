import type { Figures } from './learner.ts';

/** What several micro-batches come to together. */
export interface Means {
  /** The mean over all of their units. */
  readonly loss: number;
  readonly units: number;
  readonly tokens: number;
  /** The method's further figures, by the name of their metric. */
  readonly others: Readonly<Record<string, number>>;
}

/** Sums are added, and divided once at the end: a mean of means would weigh short batches as much as long ones. */
export function meansOf(batches: readonly Figures[]): Means {
  const totals: Record<string, { sum: number; count: number }> = {};
  for (const [name, { sum, count }] of batches.flatMap(({ sums }) => Object.entries(sums))) {
    const total = totals[name] ?? { sum: 0, count: 0 };
    totals[name] = { sum: total.sum + sum, count: total.count + count };
  }
  const units = total(batches.map(batch => batch.units));
  return {
    loss: total(batches.map(({ lossSum }) => lossSum)) / units,
    units,
    tokens: total(batches.map(({ tokens }) => tokens)),
    others: Object.fromEntries(Object.entries(totals).map(([name, { sum, count }]) => [name, sum / count])),
  };
}

export const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
