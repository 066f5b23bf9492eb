import { JSONParser, TokenType } from '@streamparser/json';
import { Reasoned } from '../../protocol/result.ts';
import { withStart } from '../pieces.ts';
import type { SourceRow } from '../table.ts';
import type { FieldNames } from './fieldNames.ts';
import { jsonlRows } from './jsonl.ts';

/**
 * The rows of a JSON file: the elements of its list, or of the first list that its object holds. They are parsed one
 * by one, so that the file is never held as a whole. A file that holds an object a line is read as JSON lines.
 * Throws `json-invalid` and `json-no-rows`.
 */
export async function* jsonRows(
  pieces: AsyncIterable<string>,
  names: FieldNames,
  file: string,
): AsyncGenerator<SourceRow[]> {
  const [start, all] = await withStart(pieces, 1);
  if (isObjectALine(start)) return yield* jsonlRows(all, names);
  const parser = new ElementParser(file, names);
  for await (const piece of all) {
    parser.feed(piece);
    yield parser.take();
  }
  parser.end();
  yield parser.take();
}

function isObjectALine(start: string): boolean {
  const [, first = '', next = ''] = /^\s*(\{[^\n]*\})\s*\n\s*(\S)/.exec(start) ?? [];
  if (next !== '{') return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false; // an object over several lines
  }
}

class ElementParser {
  private readonly file: string;
  private readonly names: FieldNames;
  private parser: JSONParser | undefined;
  private rows: SourceRow[] = [];
  /** The field that holds the rows; null for a list at the top. */
  private field: string | null | undefined;
  private depth = 0;
  private elementDepth = 1;
  private readonly lines = new LineCounter();
  private elementLine = 1;

  constructor(file: string, names: FieldNames) {
    this.file = file;
    this.names = names;
  }

  feed(piece: string): void {
    const first = /\S/.exec(piece)?.[0];
    if (!this.parser && first === undefined) return;
    this.parser ??= this.begin(first ?? '');
    const bytes = Buffer.from(piece);
    this.lines.add(bytes);
    this.parsing(parser => parser.write(bytes));
  }

  end(): void {
    if (!this.parser) return; // an empty file
    this.parsing(parser => {
      if (this.depth > 0) throw new Error('the file ends before every bracket is closed');
      parser.end();
    });
    if (this.field === undefined)
      throw new Reasoned(
        'json-no-rows',
        `"${this.file}" holds an object without a list of rows.`,
        'Write a list of objects, one a row: [{"text": "…"}, …].',
      );
  }

  take(): SourceRow[] {
    return this.rows.splice(0);
  }

  private begin(first: string): JSONParser {
    const atTop = first === '[';
    if (atTop) this.field = null;
    this.elementDepth = atTop ? 1 : 2;
    const parser = new JSONParser({ paths: [atTop ? '$.*' : '$.*.*'], keepStack: false });
    parser.onToken = ({ token, offset }) => this.token(token, offset);
    parser.onValue = ({ value, parent, stack }) => {
      if (!Array.isArray(parent)) return;
      const field = atTop ? null : String(stack.at(-1)?.key ?? '');
      this.field ??= field;
      if (this.field === field) this.rows.push({ cells: this.names.cells(value), line: this.elementLine });
    };
    return parser;
  }

  private token(token: TokenType, offset: number): void {
    const opens = token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET;
    const closes = token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET;
    const value = opens || (token !== TokenType.COMMA && token !== TokenType.COLON && !closes);
    if (value && this.depth === this.elementDepth) this.elementLine = this.lines.lineOf(offset);
    this.depth += opens ? 1 : closes ? -1 : 0;
  }

  private parsing(work: (parser: JSONParser) => void): void {
    try {
      if (this.parser && !this.parser.isEnded) work(this.parser);
    } catch (cause) {
      if (cause instanceof Reasoned) throw cause;
      throw new Reasoned(
        'json-invalid',
        `"${this.file}" is not valid JSON, near line ${this.elementLine}: ${(cause as Error).message.replace(/\.$/, '')}.`,
        'Correct it there; where every line is an object of its own, name the file .jsonl.',
        { cause },
      );
    }
  }
}

/** Lines of bytes that come in pieces, asked for in rising order of offsets. */
class LineCounter {
  private line = 1;
  private offset = 0;
  private pieces: Buffer[] = [];
  private pieceStart = 0;

  add(bytes: Buffer): void {
    this.pieces.push(bytes);
  }

  /** From 1. */
  lineOf(offset: number): number {
    while (this.pieces.length > 0) {
      const piece = this.pieces[0] as Buffer;
      const end = Math.min(offset, this.pieceStart + piece.length);
      for (let at = this.offset - this.pieceStart; at < end - this.pieceStart; at++)
        if (piece[at] === 0x0a) this.line++;
      this.offset = Math.max(this.offset, end);
      if (offset <= this.pieceStart + piece.length) break;
      this.pieceStart += piece.length;
      this.pieces.shift();
    }
    return this.line;
  }
}
