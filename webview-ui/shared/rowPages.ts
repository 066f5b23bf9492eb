import type { Reason } from '../../src/protocol/result.ts';

export interface NumberedRow {
  readonly row: number;
}

/** Rows of a list that is `total` long. */
export interface PageOf<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

export const PAGE_ROWS = 100;

/** Pages that are kept; beyond them the farthest go. */
const KEPT_PAGES = 40;

/**
 * The rows that have come, by pages. With another version they are asked anew as they are wanted, and those of before
 * stand in until they come.
 */
export class RowPages<Row extends NumberedRow, Page extends PageOf<Row> = PageOf<Row>> {
  version = -1;
  /** The page that came last. */
  last: Page | null = null;
  /** Null until the first page has come. */
  total: number | null = null;
  error: Reason | null = null;
  readonly #ask: (version: number, from: number, count: number) => void;
  #pages = new Map<number, readonly Row[]>();
  #before = new Map<number, readonly Row[]>();
  readonly #asked = new Set<number>();

  constructor(ask: (version: number, from: number, count: number) => void) {
    this.#ask = ask;
  }

  begin(version: number): void {
    if (version === this.version) return;
    this.version = version;
    this.error = null;
    if (this.#pages.size > 0) this.#before = this.#pages;
    this.#pages = new Map();
    this.#asked.clear();
    this.want(0, 1);
  }

  /** Asks for what of these rows has not been asked for. */
  want(first: number, end: number): void {
    const last = Math.floor(Math.max(first, end - 1) / PAGE_ROWS);
    for (let page = Math.floor(first / PAGE_ROWS); page <= last; page++) {
      if (this.#asked.has(page)) continue;
      this.#asked.add(page);
      this.#ask(this.version, page * PAGE_ROWS, PAGE_ROWS);
    }
    this.#forgetFarFrom(last);
  }

  receive(version: number, from: number, page: Page): void {
    if (version !== this.version) return;
    Object.assign(this, { last: page, total: page.total, error: null });
    this.#pages.set(from / PAGE_ROWS, page.rows);
  }

  fail(version: number, error: Reason): void {
    if (version === this.version) this.error = error;
  }

  /** The row at a place of the list; undefined while it has not come. */
  row(at: number): { readonly row: Row; readonly stale: boolean } | undefined {
    const [page, within] = [Math.floor(at / PAGE_ROWS), at % PAGE_ROWS];
    const now = this.#pages.get(page);
    const row = (now ?? this.#before.get(page))?.[within];
    return row && { row, stale: !now };
  }

  /** Where the row of that number stands in the list, where it is one of those that have come. */
  placeOf(row: number): number | null {
    for (const [page, rows] of this.#pages) {
      const within = rows.findIndex(one => one.row === row);
      if (within >= 0) return page * PAGE_ROWS + within;
    }
    return null;
  }

  #forgetFarFrom(page: number): void {
    if (this.#asked.size <= KEPT_PAGES) return;
    const farthest = [...this.#asked].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    for (const far of farthest.slice(0, this.#asked.size - KEPT_PAGES)) {
      this.#asked.delete(far);
      this.#pages.delete(far);
    }
  }
}
