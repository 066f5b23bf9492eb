import type { Cell } from './table.ts';
import type { View } from './view.ts';

/** The values that a template may name. */
export type Variables = Readonly<Record<string, unknown>>;

/** Makes a function of a Jinja text; the room that renders templates hands it in. */
export type CompileTemplate = (text: string) => (variables: Variables) => string;

/** Other names for columns: their roles. A column that bears such a name itself comes first. */
export type Aliases = Readonly<Record<string, string>>;

/**
 * What a template sees of a row: each column under its name and its alias, and all of them as `row`. In TSV and CSV, cells of a
 * column that holds numbers are numbers; labels stay texts.
 */
export function columnVariables(view: View, aliases: Aliases = {}): (cells: readonly Cell[]) => Variables {
  const { columns } = view;
  const numbers = columns.map(name => view.column(name)?.kind === 'number');
  return cells => {
    const row: Record<string, Cell> = {};
    for (const [index, name] of columns.entries()) {
      const cell = cells[index] ?? null;
      row[name] = numbers[index] && typeof cell === 'string' ? asNumber(cell) : cell;
    }
    const named = Object.fromEntries(Object.entries(aliases).map(([alias, name]) => [alias, row[name] ?? null]));
    return { ...named, ...row, row };
  };
}

/** The first of the names that a template must be given and that is not there: `text`, or `row.text`. */
export const missingName = (needed: Iterable<string>, known: Variables): string | undefined =>
  [...needed].find(name =>
    name.startsWith('row.')
      ? !Object.hasOwn(known['row'] as object, name.slice('row.'.length))
      : !Object.hasOwn(known, name),
  );

/** Unless it would be written otherwise: 007 and 1.0 stay as they are. */
const asNumber = (text: string): Cell => (String(Number(text)) === text ? Number(text) : text);
