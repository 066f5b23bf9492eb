import { setImmediate as breathe } from 'node:timers/promises';
import { throwIfAborted } from '../protocol/result.ts';
import type { Cell, Column, Table } from './table.ts';

/** A row as the steps leave it. */
export interface ViewRow {
  /** Its number after the steps, from 0. */
  readonly row: number;
  /** Its number in the file, from 0. */
  readonly source: number;
  /** From 1; 0 where the file has no lines. */
  readonly line: number;
  /** In the order of the view's columns. */
  readonly cells: readonly Cell[];
}

/** Adds cells to those of a row. */
export type Derive = (cells: readonly Cell[]) => readonly Cell[];

/** The rows of a table that steps have left, with the columns that they have added; nothing is copied. */
export class View {
  readonly table: Table;
  readonly columns: readonly string[];
  private readonly sources: Uint32Array | null;
  private readonly derive: readonly Derive[];

  constructor(
    table: Table,
    columns: readonly string[] = table.columns.map(({ name }) => name),
    sources: Uint32Array | null = null,
    derive: readonly Derive[] = [],
  ) {
    this.table = table;
    this.columns = columns;
    this.sources = sources;
    this.derive = derive;
  }

  get count(): number {
    return this.sources?.length ?? this.table.rows.count;
  }

  source(row: number): number {
    return this.sources ? (this.sources[row] as number) : row;
  }

  /** Of a column of the file; undefined for a derived one. */
  column(name: string): Column | undefined {
    const index = this.columns.indexOf(name);
    return index < this.table.columns.length ? this.table.columns[index] : undefined;
  }

  keep(rows: Uint32Array): View {
    const sources = rows.map(row => this.source(row));
    return new View(this.table, this.columns, sources, this.derive);
  }

  withDerived(columns: readonly string[], derive: Derive): View {
    return new View(this.table, columns, this.sources, [...this.derive, derive]);
  }

  read(row: number): ViewRow | undefined {
    return this.readBatch(row, 1)[0];
  }

  /** Rows from `from` on, at least one and up to so many, unless it is the end. */
  readBatch(from: number, count: number): ViewRow[] {
    const rows: ViewRow[] = [];
    const to = Math.min(from + count, this.count);
    for (let row = from; row < to; ) {
      const source = this.source(row);
      let run = 1;
      while (row + run < to && this.source(row + run) === source + run) run++;
      for (const { cells, line } of this.table.rows.readBatch(source, run)) {
        rows.push({ row, source: this.source(row), line, cells: this.derived(cells) });
        row++;
      }
    }
    return rows;
  }

  /** All rows, in batches between which a cancel is seen and others have their turn. */
  async *batches(signal?: AbortSignal, size = 512): AsyncGenerator<ViewRow[]> {
    for (let row = 0; row < this.count; row += size) {
      throwIfAborted(signal);
      yield this.readBatch(row, size);
      await breathe();
    }
  }

  private derived(cells: readonly Cell[]): readonly Cell[] {
    return this.derive.reduce((cells, derive) => derive(cells), cells);
  }
}
