import { neededNames } from '../../chat/templateNames.ts';
import { columnVariables, missingName } from '../../data/jinja.ts';
import type { Roles } from '../../data/roles.ts';
import type { View } from '../../data/view.ts';
import { Reasoned } from '../../protocol/result.ts';

/**
 * Throws `column-missing` for a column that a template writes, by name or by role, and that is not there; one that it asks
 * about in a condition may be missing. `field` is what the request calls the template.
 */
export function requireTemplateColumns(
  text: string,
  { view, roles }: { readonly view: View; readonly roles: Roles },
  field: string,
): void {
  const missing = missingName(neededNames(text), columnVariables(view, roles)(view.columns.map(() => '')));
  if (missing === undefined) return;
  throw new Reasoned(
    'column-missing',
    `${field} names ${JSON.stringify(missing)}, and there is no such column.`,
    `The columns are ${view.columns.join(', ')}. Write one of them.`,
  );
}
