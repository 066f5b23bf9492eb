import { readSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Reasoned } from '../protocol/result.ts';
import { GrowingNumbers } from './growing.ts';
import type { Cell } from './table.ts';
import { openTemporary, type TemporaryFile } from './temporaryFile.ts';

/** Of rows as bytes; what is more goes to a temporary file. */
const MOST_IN_MEMORY = 64 * 1024 * 1024;
const PAGE_BYTES = 1024 * 1024;
/** Rows that are read at once, unless a single one is longer. */
const BATCH_BYTES = 1024 * 1024;
const BATCH_ROWS = 4096;

export interface StoredRow {
  readonly cells: readonly Cell[];
  /** From 1; 0 where the file has no lines. */
  readonly line: number;
}

/**
 * Rows one after another as UTF-8 JSON, with the place of each: 16 bytes a row beside the text itself. Small datasets
 * stay in memory, large ones go to a temporary file, which is gone with the process. Reading is by row number.
 */
export class RowStore {
  private readonly ends = new GrowingNumbers();
  private readonly lines = new GrowingNumbers();
  private readonly mostInMemory: number;
  private pages: Buffer[] = [];
  private page = Buffer.alloc(0);
  private used = 0;
  private spooledBytes = 0;
  private file: TemporaryFile | undefined;

  constructor(mostInMemory = MOST_IN_MEMORY) {
    this.mostInMemory = mostInMemory;
  }

  get count(): number {
    return this.ends.length;
  }

  /** Throws `disk-full` and `spool-failed`. */
  append(cells: readonly Cell[], line: number): void {
    const text = JSON.stringify(cells);
    const bytes = Buffer.byteLength(text);
    if (this.page.length - this.used < bytes) this.turn(Math.max(PAGE_BYTES, bytes));
    this.page.write(text, this.used);
    this.used += bytes;
    this.ends.push((this.ends.last ?? 0) + bytes);
    this.lines.push(line);
  }

  read(row: number): StoredRow {
    const [stored] = this.readBatch(row, 1);
    if (!stored) throw new RangeError(`There is no row ${row}: there are ${this.count}.`);
    return stored;
  }

  /** Rows from `from` on: as many as are asked for, or fewer where they are long. At least one, unless it is the end. */
  readBatch(from: number, count: number): StoredRow[] {
    const most = Math.min(from + Math.min(count, BATCH_ROWS), this.count);
    if (from >= most) return [];
    const start = this.startOf(from);
    let to = from + 1;
    while (to < most && this.ends.at(to) - start <= BATCH_BYTES) to++;
    const bytes = this.bytes(start, this.ends.at(to - 1));
    return Array.from({ length: to - from }, (_, index) => {
      const [begin, end] = [this.startOf(from + index) - start, this.ends.at(from + index) - start];
      return {
        cells: JSON.parse(bytes.toString('utf8', begin, end)) as readonly Cell[],
        line: this.lines.at(from + index),
      };
    });
  }

  dispose(): void {
    this.file?.close();
    this.file = undefined;
    this.pages = [];
  }

  private startOf(row: number): number {
    return row === 0 ? 0 : this.ends.at(row - 1);
  }

  /** Begins a new page of at least so many bytes; those before it go to the file where they are too many. */
  private turn(bytes: number): void {
    if (this.used > 0) this.pages.push(this.page.subarray(0, this.used));
    this.page = Buffer.alloc(bytes);
    this.used = 0;
    const kept = (this.ends.last ?? 0) - this.spooledBytes;
    if (kept > this.mostInMemory || this.file !== undefined) this.spool();
  }

  private spool(): void {
    try {
      this.file ??= openTemporary('rows');
      const { descriptor } = this.file;
      for (const page of this.pages) {
        for (let done = 0; done < page.length; )
          done += writeSync(descriptor, page, done, page.length - done, this.spooledBytes + done);
        this.spooledBytes += page.length;
      }
    } catch (cause) {
      throw spoolFailed(cause);
    }
    this.pages = [];
  }

  /** Bytes of the whole sequence, from the file and from the pages after it. */
  private bytes(start: number, end: number): Buffer {
    const bytes = Buffer.alloc(end - start);
    const fromFile = Math.max(0, Math.min(end, this.spooledBytes) - start);
    for (let done = 0; done < fromFile; ) {
      const read = readSync((this.file as TemporaryFile).descriptor, bytes, done, fromFile - done, start + done);
      if (read === 0) throw spoolFailed(new Error('the temporary file is shorter than what was written'));
      done += read;
    }
    let pageStart = this.spooledBytes;
    for (const page of [...this.pages, this.page.subarray(0, this.used)]) {
      const [from, to] = [Math.max(start, pageStart), Math.min(end, pageStart + page.length)];
      if (from < to) page.copy(bytes, from - start, from - pageStart, to - pageStart);
      pageStart += page.length;
    }
    return bytes;
  }
}

const spoolFailed = (cause: unknown): Reasoned =>
  (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new Reasoned(
        'disk-full',
        `The disk is full: ${tmpdir()} has no room for the dataset’s rows.`,
        'Free some space, or set TMPDIR to a folder on another disk.',
        { cause },
      )
    : new Reasoned(
        'spool-failed',
        `The dataset’s rows can’t be kept in ${tmpdir()}: ${(cause as Error).message}.`,
        'Set TMPDIR to a folder that may be written to.',
        { cause },
      );
