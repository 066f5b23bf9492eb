import type { ColumnKind, OpenedDataset } from '../protocol/dataset.ts';
import type { RowStore } from './rowStore.ts';

/** A value of a dataset: what JSON can hold. Cells of TSV, CSV and plain text are texts. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [name: string]: Cell };

/** A row as a reader finds it: its cells in the order of the columns. */
export interface SourceRow {
  readonly cells: readonly Cell[];
  /** The line of the file at which it starts, from 1; 0 where there are no lines. */
  readonly line: number;
  /** What is wrong with its form. */
  readonly malformed?: string;
}

/** What a reader makes of a file: batches of rows, and what is known of the file once they have all been read. */
export interface Reading {
  readonly batches: AsyncIterable<readonly SourceRow[]>;
  /** Complete at the end; columns may turn up on the way. */
  readonly columns: () => readonly string[];
  readonly header: () => boolean;
  readonly encoding: () => string;
  readonly separator?: () => string;
}

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Counted up to 1,000; null: more. */
  readonly distinct: number | null;
  /** Rows in which it is absent, null or empty. */
  readonly missing: number;
  /** Of its values as texts, in UTF-16 units. */
  readonly meanLength: number;
}

/** A dataset file that was read through: its rows are kept compactly and read again on demand. */
export interface Table {
  readonly file: string;
  readonly format: OpenedDataset['format'];
  readonly separator?: string;
  readonly encoding: string;
  readonly header: boolean;
  readonly columns: readonly Column[];
  readonly rows: RowStore;
  /** What is wrong with the form of a row, by its number. */
  readonly malformed: ReadonlyMap<number, string>;
}

/** Whether a row has nothing there. */
export const isMissing = (cell: Cell | undefined): boolean =>
  cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '');

/** A cell as a text: texts as they are, everything else as JSON. */
export const cellText = (cell: Cell | undefined): string =>
  typeof cell === 'string' ? cell : cell === undefined || cell === null ? '' : JSON.stringify(cell);
