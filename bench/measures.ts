import type { Row } from './report.ts';

/** A row beside a peer. `ratio`: how many times as fast, or as much, we are; `goal`: the least that it should be. */
export const comparison = (
  measure: string,
  unit: Row['unit'],
  ours: number,
  transformers: number,
  ratio: number,
  goal: number,
): Row => ({ measure, unit, ours, transformers, ratio, goal: `${goal} times as fast`, met: ratio >= goal });

/** The same of times, of which less is better; a goal of 1 is any less time than the peer's. */
export function faster(measure: string, unit: 's' | 'ms', ours: number, theirs: number, goal: number): Row {
  const row = comparison(measure, unit, ours, theirs, theirs / ours, goal);
  return goal === 1 ? { ...row, goal: 'less time', met: theirs > ours } : row;
}

/** Of ours and of theirs, over all repetitions. */
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
