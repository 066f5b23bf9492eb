import { compileTemplate } from '../../chat/template.ts';
import { columnVariables } from '../../data/jinja.ts';
import type { Cell } from '../../data/table.ts';
import type { DatasetView } from '../../training/examples/rows.ts';
import { requireTemplateColumns } from '../../training/examples/templateColumns.ts';

/** Renders a row by its cells. */
export type RowTemplate = (cells: readonly Cell[]) => string;

/**
 * A Jinja template over the columns of a dataset, by name or by role. `field` is what the request calls it.
 * @throws Reasoned the reasons of templates, and what requireTemplateColumns throws
 */
export function rowTemplate(text: string, { view, roles }: DatasetView, field: string): RowTemplate {
  const render = compileTemplate(text);
  requireTemplateColumns(text, { view, roles }, field);
  const variables = columnVariables(view, roles);
  return cells => render(variables(cells));
}

/** What the template renders where every column is empty. */
export const emptyPrompt = (template: RowTemplate, { view }: DatasetView): string =>
  template(view.columns.map(() => ''));
