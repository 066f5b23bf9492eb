import { compileTemplate } from '../../chat/template.ts';
import { neededNames } from '../../chat/templateNames.ts';
import { columnVariables, type Variables } from '../../data/jinja.ts';
import type { Cell } from '../../data/table.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { DatasetView } from '../../training/examples/rows.ts';

/** Renders a row by its cells. */
export type RowTemplate = (cells: readonly Cell[]) => string;

/**
 * A Jinja template over the columns of a dataset, by name or by role. `field` is what the request calls it.
 * @throws Reasoned the reasons of templates, and `column-missing` for a column that the template writes and that is not
 * there; one that it asks about in a condition may be missing
 */
export function rowTemplate(text: string, { view, roles }: DatasetView, field: string): RowTemplate {
  const render = compileTemplate(text);
  const variables = columnVariables(view, roles);
  const known = variables(view.columns.map(() => ''));
  const missing = [...neededNames(text)].find(name => !isKnown(name, known));
  if (missing !== undefined)
    throw new Reasoned(
      'column-missing',
      `${field} names ${JSON.stringify(missing)}, and there is no such column.`,
      `The columns are ${view.columns.join(', ')}. Write one of them.`,
    );
  return cells => render(variables(cells));
}

/** What the template renders where every column is empty. */
export const emptyPrompt = (template: RowTemplate, { view }: DatasetView): string =>
  template(view.columns.map(() => ''));

const isKnown = (name: string, known: Variables): boolean =>
  name.startsWith('row.')
    ? Object.hasOwn(known['row'] as object, name.slice('row.'.length))
    : Object.hasOwn(known, name);
