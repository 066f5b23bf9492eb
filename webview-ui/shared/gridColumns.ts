import { count } from './format.ts';

export type Direction = 'ascending' | 'descending';

/** What every row of a table of tokens has. */
export interface TableRow {
  /** Place of the token in its text, from 0. */
  readonly index: number;
  /** Of the heat scale, from 0. */
  readonly step: number;
  /** The token's text with its whitespace visible. */
  readonly label: string;
}

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  /** What it says, in a sentence. */
  readonly meaning: string;
  /** In pixels. */
  readonly width: number;
  /** Its share of what room is left. */
  readonly grows?: number;
  readonly numeric: boolean;
  /** The first to go where there is little room has the highest. */
  readonly dispensable: number;
  readonly first: Direction;
  /** What the column is sorted by. */
  readonly value: (row: Row) => number | string | null;
  /** What a cell shows. */
  readonly content: (row: Row) => unknown;
}

/** The columns that have room in so many pixels, in their order. */
export function columnsThatFit<Row>(all: readonly Column<Row>[], widthPixels: number): readonly Column<Row>[] {
  let columns = all;
  while (columns.reduce((sum, { width }) => sum + width, 0) > widthPixels) {
    const least = columns.reduce((a, b) => (b.dispensable > a.dispensable ? b : a));
    if (least.dispensable === 0) break;
    columns = columns.filter(column => column !== least);
  }
  return columns;
}

/** Room for the last position of so many tokens, and the mark of the sort. */
export const positionWidth = (tokens: number): number => 26 + 8 * Math.max(2, count(tokens).length);

export interface Sort {
  readonly column: string;
  readonly direction: Direction;
}

export const IN_ORDER: Sort = { column: 'position', direction: 'ascending' };

/** What choosing a column's title leads to: its first direction, then the other one. */
export function nextSort(sort: Sort, { name, first }: Pick<Column<never>, 'name' | 'first'>): Sort {
  if (sort.column !== name) return { column: name, direction: first };
  return { column: name, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** Rows without a value come last either way; equals stay in the order of the text. */
export function sortedRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { column, direction }: Sort,
): readonly Row[] {
  const value = columns.find(({ name }) => name === column)?.value;
  if (!value || (column === 'position' && direction === 'ascending')) return rows;
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map(row => ({ row, key: value(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return a.key === b.key ? 0 : sign * (a.key < b.key ? -1 : 1);
    })
    .map(({ row }) => row);
}
