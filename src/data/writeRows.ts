import Papa from 'papaparse';
import type { ExportDatasetRequest } from '../protocol/dataset.ts';
import { Reasoned } from '../protocol/result.ts';
import { type Cell, cellText } from './table.ts';
import type { View, ViewRow } from './view.ts';

/** Turns rows into a file's text: what begins it, what batches of rows are, and what ends it. */
export interface RowWriter {
  readonly start: string;
  rows(rows: readonly ViewRow[], first: boolean): string;
  readonly end: string;
}

/** Throws `cell-not-tsv` from `rows` where a cell holds a tab or a line end, which a TSV can't. */
export const rowWriters: Readonly<Record<ExportDatasetRequest['format'], (columns: readonly string[]) => RowWriter>> = {
  jsonl: columns => ({
    start: '',
    rows: rows => rows.map(row => `${JSON.stringify(objectOf(columns, row))}\n`).join(''),
    end: '',
  }),
  json: columns => ({
    start: '[\n',
    rows: (rows, first) =>
      rows
        .map((row, index) => `${first && index === 0 ? '' : ',\n'}  ${JSON.stringify(objectOf(columns, row))}`)
        .join(''),
    end: '\n]\n',
  }),
  csv: columns => ({
    start: `${Papa.unparse([[...columns]])}\r\n`,
    rows: rows => `${Papa.unparse(rows.map(row => columns.map((_, index) => cellText(row.cells[index]))))}\r\n`,
    end: '',
  }),
  tsv: columns => ({
    start: `${columns.join('\t')}\n`,
    rows: rows => rows.map(row => `${columns.map((name, index) => tsvCell(row, name, index)).join('\t')}\n`).join(''),
    end: '',
  }),
};

/** All rows of a view as the pieces of a file. */
export async function* writtenRows(
  view: View,
  format: ExportDatasetRequest['format'],
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const writer = rowWriters[format](view.columns);
  yield writer.start;
  for await (const rows of view.batches(signal)) yield writer.rows(rows, rows[0]?.row === 0);
  yield writer.end;
}

const objectOf = (columns: readonly string[], { cells }: ViewRow): Record<string, Cell> =>
  Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null]));

function tsvCell(row: ViewRow, name: string, index: number): string {
  const text = cellText(row.cells[index]);
  if (!/[\t\n\r]/.test(text)) return text;
  throw new Reasoned(
    'cell-not-tsv',
    `Row ${row.row + 1} has a tab or a line end in its ${name}, which a TSV file can’t hold.`,
    'Choose jsonl, json or csv.',
  );
}
