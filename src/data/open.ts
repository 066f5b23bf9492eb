import type { Call, OnProgress } from '../protocol/engine.ts';
import { throwIfAborted } from '../protocol/result.ts';
import { fileVersion } from './bytes.ts';
import { ColumnCounter } from './columns.ts';
import { decodedText, NotUtf8 } from './decode.ts';
import { CsvReader } from './formats/csv.ts';
import { FieldNames } from './formats/fieldNames.ts';
import { FieldsReader } from './formats/fields.ts';
import { jsonRows } from './formats/json.ts';
import { jsonlRows } from './formats/jsonl.ts';
import { formatOf } from './formats/names.ts';
import { parquetRows } from './formats/parquet.ts';
import { tsvRecords } from './formats/tsv.ts';
import { txtRows } from './formats/txt.ts';
import { parquetSource } from './parquetSource.ts';
import { RowStore } from './rowStore.ts';
import type { Reading, Table } from './table.ts';

export interface OpenOptions extends Call {
  /** Whether the first line names the columns; null: guessed. */
  readonly header: boolean | null;
}

/**
 * Reads a dataset file through once: its columns and what they hold, and its rows, which stay at hand until the table
 * is disposed of. An empty file is a table without rows.
 * Throws `file-missing`, `dataset-format-unknown`, `encoding-unknown`, `json-invalid`, `parquet-invalid`, `row-too-long`.
 */
export async function openTable(file: string, options: OpenOptions): Promise<Table> {
  const format = formatOf(file);
  const { bytes } = await fileVersion(file);
  const onBytes = bytesMeter(file, bytes, options.onProgress);
  const open = (encoding?: string): Promise<Table> =>
    readThrough({ file, format, encoding, onBytes, ...options }, options);
  try {
    return await open();
  } catch (error) {
    if (error instanceof NotUtf8) return open(error.encoding);
    throw error;
  }
}

/** The whole text of a file that was read through, from its beginning to its end. */
export const fileText = (
  { file, encoding }: Pick<Table, 'file' | 'encoding'>,
  { signal }: Pick<Call, 'signal'>,
): AsyncIterable<string> => decodedText(file, encoding, { signal }).pieces;

interface Source extends OpenOptions {
  readonly file: string;
  readonly format: Table['format'];
  readonly encoding: string | undefined;
  readonly onBytes: (bytes: number) => void;
}

async function readThrough(source: Source, { signal }: OpenOptions): Promise<Table> {
  const reading = readerOf(source);
  const rows = new RowStore();
  const counters: ColumnCounter[] = [];
  const malformed = new Map<number, string>();
  try {
    for await (const batch of reading.batches) {
      throwIfAborted(signal);
      for (const { cells, line, malformed: wrong } of batch) {
        const columns = Math.max(counters.length, cells.length);
        for (let column = 0; column < columns; column++) {
          counters[column] ??= new ColumnCounter(rows.count);
          counters[column]?.add(cells[column]);
        }
        if (wrong !== undefined) malformed.set(rows.count, wrong);
        rows.append(cells, line);
      }
    }
  } catch (error) {
    rows.dispose();
    throw error;
  }
  return {
    file: source.file,
    format: source.format,
    encoding: reading.encoding(),
    header: reading.header(),
    ...(reading.separator && { separator: reading.separator() }),
    columns: reading.columns().map((name, index) => (counters[index] ?? new ColumnCounter(rows.count)).column(name)),
    rows,
    malformed,
  };
}

function readerOf(source: Source): Reading {
  const { file, format, header, signal, onBytes } = source;
  const { encoding, pieces } = decodedText(file, source.encoding, { signal, onBytes });
  const byName = (read: (names: FieldNames) => Reading['batches']): Reading => {
    const names = new FieldNames();
    return { batches: read(names), columns: () => names.names, header: () => true, encoding };
  };
  switch (format) {
    case 'txt':
      return { batches: txtRows(pieces), columns: () => ['text'], header: () => false, encoding };
    case 'json':
      return byName(names => jsonRows(pieces, names, file));
    case 'jsonl':
      return byName(names => jsonlRows(pieces, names));
    case 'parquet':
      return byName(names => parquetBatches(file, names, signal, onBytes));
    case 'tsv':
    case 'csv': {
      const fields = new FieldsReader(header);
      const csv = new CsvReader();
      const records = format === 'tsv' ? tsvRecords(pieces) : csv.records(pieces);
      return {
        batches: fields.rows(records),
        columns: () => fields.columns,
        header: () => fields.header,
        encoding,
        separator: () => (format === 'tsv' ? '\t' : csv.separator),
      };
    }
  }
}

async function* parquetBatches(
  file: string,
  names: FieldNames,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Reading['batches'] {
  const source = await parquetSource(file, { signal });
  try {
    yield* parquetRows(file, source.buffer, names, {
      signal,
      onRows: (done, total) => onBytes(Math.round((source.buffer.byteLength * done) / Math.max(1, total))),
    });
  } finally {
    source.close();
  }
}

function bytesMeter(file: string, total: number, onProgress: OnProgress | undefined): (bytes: number) => void {
  const message = `Reading ${file.split(/[\\/]/).at(-1)}`;
  const started = performance.now();
  let last = 0;
  return done => {
    const now = performance.now();
    if (!onProgress || now - last < 100) return;
    last = now;
    const rate = done / Math.max(1e-3, (now - started) / 1000);
    onProgress({ message, done, total, unit: 'bytes', rate, secondsLeft: Math.max(0, total - done) / rate });
  };
}
