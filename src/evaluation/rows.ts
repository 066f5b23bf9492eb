import type { ViewRow } from '../data/view.ts';
import type { DatasetView } from '../training/examples/rows.ts';

/** Some rows of a dataset; null: all. Numbers are those after the steps. */
export interface RowSelection {
  readonly dataset: DatasetView;
  readonly numbers: Uint32Array | null;
}

/** The rows that are evaluated, and those that examples may be drawn from. */
export interface EvaluationRows extends RowSelection {
  readonly count: number;
  /** Of the same file, or of the training file where the parts are files of their own. */
  readonly others: RowSelection;
}

/** Rows of a selection from place `from` on, at least one and up to so many, unless it is the end. */
export function readRows({ dataset: { view }, numbers }: RowSelection, from: number, count: number): ViewRow[] {
  if (numbers === null) return view.readBatch(from, count);
  const some = numbers.subarray(from, from + count);
  return view
    .keep(some)
    .readBatch(0, some.length)
    .map((row, at) => ({ ...row, row: some[at] as number }));
}

export const rowCount = ({ dataset: { view }, numbers }: RowSelection): number => numbers?.length ?? view.count;
