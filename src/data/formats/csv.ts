import { EventEmitter } from 'node:events';
import Papa from 'papaparse';
import { LONGEST_ROW, rowTooLong } from '../lines.ts';
import { withStart } from '../pieces.ts';
import type { FieldsRecord } from './fields.ts';

/** Enough text to tell the separator and the line ends. */
const SAMPLE_LENGTH = 256 * 1024;
const SEPARATORS = [',', ';', '\t', '|', ':', Papa.RECORD_SEP, Papa.UNIT_SEP];

/** Comma-separated values (RFC 4180) with any separator: quoted fields may hold separators, quotes and line ends. */
export class CsvReader {
  separator = ',';

  async *records(pieces: AsyncIterable<string>): AsyncGenerator<FieldsRecord[]> {
    const [start, all] = await withStart(pieces, SAMPLE_LENGTH);
    const newline = newlineOf(start);
    this.separator = separatorOf(start, newline);
    const parser = pushParser(this.separator, newline);
    const line = { next: 1 };
    let [fed, parsed] = [0, 0];
    for await (const piece of all) {
      fed += piece.length;
      parser.feed(piece);
      const records = parser.take();
      if (records.length > 0) parsed = fed;
      if (fed - parsed > LONGEST_ROW) throw rowTooLong(line.next);
      yield recordsOf(records, line);
    }
    parser.end();
    yield recordsOf(parser.take(), line);
  }
}

interface ParsedRecord {
  readonly fields: readonly string[];
  readonly error?: string;
}

/** papaparse reads from streams only; this is the least of one, whose pieces are parsed as they are given. */
function pushParser(delimiter: string, newline: Newline) {
  const records: ParsedRecord[] = [];
  const stream = Object.assign(new EventEmitter(), { readable: true, read() {}, pause() {}, resume() {} });
  Papa.parse<string[], NodeJS.ReadableStream>(stream as unknown as NodeJS.ReadableStream, {
    delimiter,
    newline,
    chunk: ({ data, errors }: Papa.ParseResult<string[]>) => {
      const byRow = new Map(errors.map(({ row, message }) => [row, message]));
      for (const [index, fields] of data.entries()) {
        const error = byRow.get(index);
        records.push(error === undefined ? { fields } : { fields, error });
      }
    },
    complete: () => undefined,
  });
  return {
    feed: (piece: string): void => void stream.emit('data', piece),
    end: (): void => void stream.emit('end'),
    take: (): ParsedRecord[] => records.splice(0),
  };
}

function recordsOf(parsed: readonly ParsedRecord[], line: { next: number }): FieldsRecord[] {
  const records: FieldsRecord[] = [];
  for (const { fields, error } of parsed) {
    const start = line.next;
    line.next += 1 + lineEnds(fields);
    if (fields.length === 1 && fields[0] === '') continue; // an empty line
    records.push(
      error === undefined ? { fields, line: start } : { fields, line: start, malformed: `Its quotes: ${error}.` },
    );
  }
  return records;
}

const lineEnds = (fields: readonly string[]): number =>
  fields.reduce((sum, field) => sum + (field.includes('\n') ? field.split('\n').length - 1 : 0), 0);

type Newline = '\n' | '\r\n' | '\r';

function newlineOf(text: string): Newline {
  const first = text.indexOf('\n');
  if (first === -1) return text.includes('\r') ? '\r' : '\n';
  return text[first - 1] === '\r' ? '\r\n' : '\n';
}

function separatorOf(text: string, newline: Newline): string {
  const complete = text.length < SAMPLE_LENGTH ? text : text.slice(0, text.lastIndexOf(newline) + 1) || text;
  return Papa.parse(complete, { preview: 100, newline, skipEmptyLines: true, delimitersToGuess: SEPARATORS }).meta
    .delimiter;
}
