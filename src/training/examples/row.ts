import { columnVariables, type Variables } from '../../data/jinja.ts';
import { type Roles } from '../../data/roles.ts';
import { type Cell, cellText, isMissing } from '../../data/table.ts';
import type { View } from '../../data/view.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { Role } from '../../protocol/run/spec.ts';

/** A row by the roles of its columns. */
export interface RoleRow {
  /** Undefined where there is no such column, or nothing in it. */
  cell(role: Role): Exclude<Cell, null> | undefined;
  text(role: Role): string | undefined;
  /** Columns by name, and by role where no column bears that name. */
  readonly variables: Variables;
}

/** Reads rows of a view by role. Throws `column-missing` for a role whose column is not there. */
export function roleReader(view: View, roles: Roles): (cells: readonly Cell[]) => RoleRow {
  const places = new Map<Role, number>();
  for (const [role, name] of Object.entries(roles) as [Role, string][]) {
    const place = view.columns.indexOf(name);
    if (place === -1) throw noSuchColumn(role, name, view.columns);
    places.set(role, place);
  }
  const variables = columnVariables(view, roles);
  return cells => {
    const cell = (role: Role): Exclude<Cell, null> | undefined => {
      const place = places.get(role);
      const value = place === undefined ? undefined : cells[place];
      return isMissing(value) ? undefined : (value as Exclude<Cell, null>);
    };
    return {
      cell,
      text: role => (cell(role) === undefined ? undefined : cellText(cell(role))),
      get variables() {
        return variables(cells);
      },
    };
  };
}

const noSuchColumn = (role: Role, name: string, columns: readonly string[]): Reasoned =>
  new Reasoned(
    'column-missing',
    `dataset.columns.${role} is "${name}", and there is no such column.`,
    `The columns are ${columns.join(', ')}. Choose one of them.`,
  );
