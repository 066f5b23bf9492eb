import type { Cell } from './table.ts';
import type { View } from './view.ts';

/** The values that a template may name. */
export type Variables = Readonly<Record<string, unknown>>;

/** Makes a function of a Jinja text; the room that renders templates hands it in. */
export type CompileTemplate = (text: string) => (variables: Variables) => string;

/**
 * What a template sees of a row: each column under its name, and all of them as `row`. In TSV and CSV, cells of a
 * column that holds numbers are numbers; labels stay texts.
 */
export function columnVariables(view: View): (cells: readonly Cell[]) => Variables {
  const { columns } = view;
  const numbers = columns.map(name => view.column(name)?.kind === 'number');
  return cells => {
    const row: Record<string, Cell> = {};
    for (const [index, name] of columns.entries()) {
      const cell = cells[index] ?? null;
      row[name] = numbers[index] && typeof cell === 'string' ? asNumber(cell) : cell;
    }
    return { ...row, row };
  };
}

/** Unless it would be written otherwise: 007 and 1.0 stay as they are. */
const asNumber = (text: string): Cell => (String(Number(text)) === text ? Number(text) : text);
