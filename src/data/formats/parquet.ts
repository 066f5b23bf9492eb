import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import type { Cell, SourceRow } from '../table.ts';
import type { FieldNames } from './fieldNames.ts';

/** Rows that are read at once, at most; a row group is never read over. */
const ROWS = 10_000;

/** The rows of a Parquet file, read a part of a row group at a time. Throws `parquet-invalid`. */
export async function* parquetRows(
  file: string,
  source: AsyncBuffer,
  names: FieldNames,
  { signal, onRows }: { signal?: AbortSignal | undefined; onRows?: (done: number, total: number) => void },
): AsyncGenerator<SourceRow[]> {
  const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const reading = <T>(work: Promise<T>): Promise<T> => work.catch(cause => Promise.reject(invalid(file, cause)));
  const metadata = await reading(parquetMetadataAsync(source));
  const total = Number(metadata.num_rows);
  for (const [rowStart, rowEnd] of slices(metadata)) {
    throwIfAborted(signal);
    const objects = await reading(parquetReadObjects({ file: source, metadata, compressors, rowStart, rowEnd }));
    onRows?.(rowEnd, total);
    yield objects.map(object => ({ cells: names.cells(plain(object)), line: 0 }));
  }
}

function* slices({ row_groups }: FileMetaData): Generator<[number, number]> {
  let start = 0;
  for (const { num_rows } of row_groups) {
    const end = start + Number(num_rows);
    for (; start < end; start += ROWS) yield [start, Math.min(end, start + ROWS)];
    start = end;
  }
}

/** Parquet's values as JSON has them: large integers that no number holds exactly, and dates, become texts. */
function plain(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, plain);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value as Cell;
}

const invalid = (file: string, cause: unknown): unknown =>
  cause instanceof Reasoned
    ? cause
    : new Reasoned(
        'parquet-invalid',
        `"${file}" can't be read as Parquet: ${(cause as Error).message.replace(/\.$/, '')}.`,
        'Get the file again, or write it once more with the program that made it.',
        { cause },
      );
