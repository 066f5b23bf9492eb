import { cellText, isMissing } from '../../data/table.ts';
import type { ViewRow } from '../../data/view.ts';
import { Reasoned } from '../../protocol/result.ts';
import { breathe } from '../../scoring/evaluate.ts';
import type { DatasetView } from '../../training/examples/rows.ts';
import { readRows, rowCount, type RowSelection } from '../rows.ts';
import type { LabelWords } from './words.ts';

/** Which of the cells is the label. @throws Reasoned `column-missing` */
export function labelPlace({ view, roles }: DatasetView): number {
  const place = roles.label === undefined ? -1 : view.columns.indexOf(roles.label);
  if (place !== -1) return place;
  const what =
    roles.label === undefined
      ? `none of ${view.columns.join(', ')} is known to be the label`
      : `dataset.columns.label is ${JSON.stringify(roles.label)}, and there is no such column`;
  throw new Reasoned(
    'column-missing',
    `The rows’ labels can’t be found: ${what}.`,
    `Say in dataset.columns.label which of ${view.columns.join(', ')} it is.`,
  );
}

/** The label of a row; undefined where it has none. */
export const labelOf = ({ cells }: ViewRow, place: number): string | undefined =>
  isMissing(cells[place]) ? undefined : cellText(cells[place]);

/** Looks through all rows before the first is evaluated. @throws Reasoned `label-unknown` for a label without a word */
export async function requireWords(
  rows: RowSelection,
  place: number,
  words: LabelWords,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let from = 0; from < rowCount(rows); ) {
    await breathe(signal);
    const some = readRows(rows, from, 512);
    for (const row of some) {
      const label = labelOf(row, place);
      if (label !== undefined && !words.has(label)) throw withoutWord(row.row, label, words);
    }
    from += some.length;
  }
}

const withoutWord = (row: number, label: string, words: LabelWords): Reasoned =>
  new Reasoned(
    'label-unknown',
    `Row ${row + 1} has the label ${JSON.stringify(label)}, and prompt.labelWords has words for ${[...words.keys()].map(known => JSON.stringify(known)).join(', ')}.`,
    'Give it a word, or leave such rows out with a filter step.',
  );
