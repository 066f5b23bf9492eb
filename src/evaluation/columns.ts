import { type Cell, cellText, isMissing } from '../data/table.ts';
import { Reasoned } from '../protocol/result.ts';
import type { DatasetView } from '../training/examples/rows.ts';

/** A column as it was asked for, by its name or its role. */
export interface ChosenColumn {
  readonly name: string;
  /** Empty where there is nothing in it. */
  text(cells: readonly Cell[]): string;
}

/** `field` is what the request calls it. Throws `column-missing`. */
export function chosenColumn(asked: string, { view, roles }: DatasetView, field: string): ChosenColumn {
  const name = view.columns.includes(asked)
    ? asked
    : (Object.entries(roles).find(([role]) => role === asked)?.[1] ?? '');
  const at = view.columns.indexOf(name);
  if (at === -1)
    throw new Reasoned(
      'column-missing',
      `${field} is ${JSON.stringify(asked)}, and there is no such column.`,
      `The columns are ${view.columns.join(', ')}. Choose one of them.`,
    );
  return { name, text: cells => (isMissing(cells[at]) ? '' : cellText(cells[at])) };
}
