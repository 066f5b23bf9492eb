import { randomUUID } from 'node:crypto';
import type { GenerationColumn, NamedSettings } from '../../protocol/panels/generations.ts';

type Columns = readonly GenerationColumn[];

export const newColumn = ({ name, settings }: NamedSettings): GenerationColumn => ({
  id: randomUUID(),
  name,
  model: null,
  settings,
});

/** With a copy of a column beside it. */
export function duplicated(columns: Columns, id: string): Columns {
  return columns.flatMap(column =>
    column.id === id ? [column, { ...column, id: randomUUID(), name: copyName(columns, column.name) }] : [column],
  );
}

export const edited = (columns: Columns, id: string, changes: Partial<Omit<GenerationColumn, 'id'>>): Columns =>
  columns.map(column => (column.id === id ? { ...column, ...changes } : column));

export const removed = (columns: Columns, id: string): Columns => columns.filter(column => column.id !== id);

/** With a column at another place, counted from 0. */
export function moved(columns: Columns, id: string, to: number): Columns {
  const column = columns.find(one => one.id === id);
  return column ? removed(columns, id).toSpliced(Math.max(0, to), 0, column) : columns;
}

/** `greedy 2`, `greedy 3`: the first that is free. */
function copyName(columns: Columns, name: string): string {
  const base = name.replace(/ \d+$/, match =>
    columns.some(one => one.name === name.slice(0, -match.length)) ? '' : match,
  );
  for (let number = 2; ; number++) {
    const copy = `${base} ${number}`;
    if (!columns.some(column => column.name === copy)) return copy;
  }
}
