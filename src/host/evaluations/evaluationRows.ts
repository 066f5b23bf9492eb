import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { EVALUATION_FILES, type EvaluatedRow } from '../../protocol/evaluation/folder.ts';
import { isProbed, textsOf } from '../../protocol/evaluation/rows.ts';
import type { ListedRow, Points, RowQuery, RowsPage, SoFar } from '../../protocol/panels/evaluation.ts';
import { GrowingFile, parsedLines } from '../../protocol/run/growingFile.ts';
import { RowTable } from './rowTable.ts';

/** More points than this no page draws. */
const MOST_POINTS = 10_000;
const POINT_TEXT_LENGTH = 160;
/** Lines that a search reads at once. */
const SEARCHED_AT_ONCE = 2000;
const LINE_END = 0x0a;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly group: string;
  readonly line: number;
  readonly text: string;
}

/**
 * The rows of an evaluation as they come: what they are filtered and sorted by is in memory, the rows themselves are
 * read from their file when they are asked for.
 */
export class EvaluationRows {
  readonly folder: string;
  readonly #task: string;
  readonly #path: string;
  #file: GrowingFile;
  #table: RowTable;
  /** Where each line starts, in bytes; at the end where the next one will. */
  #offsets: number[] = [0];
  #points: Point[] = [];
  #pointsSeen = 0;
  #found: { readonly key: string; readonly lines: readonly number[] } | undefined;

  constructor(folder: string, task: string) {
    this.folder = folder;
    this.#task = task;
    this.#path = join(folder, EVALUATION_FILES.rows);
    this.#file = new GrowingFile(this.#path);
    this.#table = new RowTable(task);
  }

  get length(): number {
    return this.#table.length;
  }

  get leftOut(): number {
    return this.#table.leftOut;
  }

  get facets(): RowTable['facets'] {
    return this.#table.facets;
  }

  get soFar(): SoFar {
    return this.#table.soFar;
  }

  /** Reads what is new; whether anything is. A file that was written anew is read anew. */
  async read(): Promise<boolean> {
    let changed = false;
    for (;;) {
      const { lines, restarted } = await this.#file.read();
      if (restarted) this.#clear();
      if (lines.length === 0 && !restarted) break;
      changed = true;
      for (const line of lines) this.#add(line);
    }
    if (changed) this.#found = undefined;
    return changed;
  }

  /** A part of the rows that a query finds. */
  async page(query: RowQuery, voted: ReadonlySet<number>, from: number, count: number): Promise<RowsPage> {
    const lines = await this.find(query, voted);
    return { rows: await this.rowsAt(lines.slice(from, from + count)), total: lines.length };
  }

  /** The lines that a query finds, in its order. */
  async find(query: RowQuery, voted: ReadonlySet<number>): Promise<readonly number[]> {
    const key = JSON.stringify([query, query.only === 'voted' ? [...voted] : 0]);
    if (this.#found?.key === key) return this.#found.lines;
    const holding = query.search === '' ? undefined : await this.#search(query.search);
    const lines = this.#table.find(query, holding && (line => holding.has(line)), voted);
    this.#found = { key, lines };
    return lines;
  }

  /** These lines, in their order; those that follow each other are read at once. */
  async rowsAt(lines: readonly number[]): Promise<ListedRow[]> {
    if (lines.length === 0) return [];
    const file = await open(this.#path, 'r');
    try {
      const rows: ListedRow[] = [];
      for (let at = 0; at < lines.length; ) {
        let end = at + 1;
        while (end < lines.length && lines[end] === (lines[end - 1] as number) + 1) end++;
        rows.push(...(await this.#rowsFrom(file, lines[at] as number, end - at)));
        at = end;
      }
      return rows;
    } finally {
      await file.close();
    }
  }

  /** Rows of the projection; null where there is none. */
  get points(): Points | null {
    if (this.#points.length === 0) return null;
    const groups = [...new Set(this.#points.map(({ group }) => group))].sort();
    return {
      groups,
      xs: this.#points.map(({ x }) => x),
      ys: this.#points.map(({ y }) => y),
      of: this.#points.map(({ group }) => groups.indexOf(group)),
      lines: this.#points.map(({ line }) => line),
      texts: this.#points.map(({ text }) => text),
      total: this.#pointsSeen,
    };
  }

  #clear(): void {
    this.#table = new RowTable(this.#task);
    this.#offsets = [0];
    this.#points = [];
    this.#pointsSeen = 0;
    this.#found = undefined;
  }

  /** A line that is no JSON was torn when an engine was killed: it has its place, and no row. */
  #add(line: string): void {
    const start = this.#offsets.at(-1) ?? 0;
    const next = start + Buffer.byteLength(line) + 1;
    const [row] = parsedLines<EvaluatedRow>([line]);
    if (!row) {
      this.#offsets[this.#offsets.length - 1] = next;
      return;
    }
    this.#addPoint(row);
    this.#table.add(row);
    this.#offsets.push(next);
  }

  /** Beyond the most, every other point goes, and of those to come every other one is taken. */
  #addPoint(row: EvaluatedRow): void {
    if (!isProbed(row) || !row.projected) return;
    const every = 2 ** Math.max(0, Math.ceil(Math.log2((this.#pointsSeen + 1) / MOST_POINTS)));
    if (this.#pointsSeen++ % every > 0) return;
    if (this.#points.length >= MOST_POINTS) this.#points = this.#points.filter((_, i) => i % 2 === 0);
    const [x, y] = row.projected;
    const text = row.text.slice(0, POINT_TEXT_LENGTH);
    this.#points.push({ x, y, group: row.group ?? row.column, line: this.#table.length, text });
  }

  /** So many lines from one on. What is torn stands behind a line, and is passed over. */
  async #rowsFrom(file: FileHandle, first: number, count: number): Promise<ListedRow[]> {
    const offsets = this.#offsets.slice(first, first + count + 1);
    const [start, end] = [offsets[0], offsets.at(-1)];
    if (start === undefined || end === undefined) return [];
    const bytes = Buffer.alloc(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return offsets.slice(0, -1).flatMap((offset, i) => {
      const line = bytes.subarray(offset - start, bytes.indexOf(LINE_END, offset - start));
      const [found] = parsedLines<EvaluatedRow>([line.toString('utf8')]);
      return found ? [{ row: first + i, found }] : [];
    });
  }

  /** The lines whose texts hold this, without regard to case. */
  async #search(text: string): Promise<ReadonlySet<number>> {
    const sought = text.toLowerCase();
    const holding = new Set<number>();
    for (let from = 0; from < this.length; from += SEARCHED_AT_ONCE) {
      const lines = Array.from({ length: Math.min(SEARCHED_AT_ONCE, this.length - from) }, (_, i) => from + i);
      for (const { row, found } of await this.rowsAt(lines))
        if (textsOf(found).some(one => one.toLowerCase().includes(sought))) holding.add(row);
    }
    return holding;
  }
}
