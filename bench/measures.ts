import type { Row } from './report.ts';

export const faster = (measure: string, unit: 's' | 'ms', ours: number, theirs: number, goal: number): Row => ({
  measure,
  unit,
  ours,
  transformers: theirs,
  ratio: theirs / ours,
  goal: goal === 1 ? 'less time' : `${goal} times as fast`,
  met: theirs / ours > goal,
});

export const comparison = (
  measure: string,
  unit: Row['unit'],
  ours: number,
  transformers: number,
  ratio: number,
  goal: number,
): Row => ({ measure, unit, ours, transformers, ratio, goal: `${goal} times as fast`, met: ratio >= goal });

export const mediansOf = (pairs: ReadonlyArray<readonly [number, number]>): [number, number] => [
  median(pairs.map(([ours]) => ours)),
  median(pairs.map(([, theirs]) => theirs)),
];

/** Of the values that are there; NaN marks one that was not measured. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
