import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Direction, Sort } from './gridColumns.ts';
import { type Cell, cellAfterKey, HEADER } from './gridKeys.ts';
import { LightElement } from './lightElement.ts';
import type { NumberedRow, RowPages } from './rowPages.ts';
import { ROW_PIXELS, scrolledHeight, scrollTopWith, windowAt } from './rowWindow.ts';
import { styles } from './styles.ts';

const HEADER_PIXELS = 24;

/** A column of a grid whose rows are asked for as they come in sight. */
export interface PagedColumn<Row> {
  /** What the grid is sorted by where its title is chosen; absent: it is not sorted by this column. */
  readonly sort?: { readonly name: string; readonly first: Direction };
  readonly title: unknown;
  /** What it says, in a sentence or two. */
  readonly meaning: string;
  /** Classes of its title. */
  readonly kind: string;
  /** In pixels, at least. */
  readonly width: number;
  /** Its share of what room is left. */
  readonly grows: number;
  readonly cell: (row: Row) => PagedCell;
}

export interface PagedCell {
  readonly content: unknown;
  /** Classes. */
  readonly kind?: string;
  /** Told where the mouse rests. */
  readonly meaning?: string | undefined;
}

/** The tracks of a grid with these columns, and what they need at least, in pixels. */
function tracksOf(columns: ReadonlyArray<Pick<PagedColumn<never>, 'width' | 'grows'>>): {
  tracks: string;
  least: number;
} {
  const track = ({ width, grows }: Pick<PagedColumn<never>, 'width' | 'grows'>): string =>
    grows > 0 ? `minmax(${width}px, ${grows}fr)` : `${width}px`;
  return { tracks: columns.map(track).join(' '), least: columns.reduce((sum, { width }) => sum + width, 0) };
}

/** Rows of equal height, of which those in sight are fetched and drawn, be there a million. */
@customElement('lm-paged-grid')
export class PagedGrid<Row extends NumberedRow> extends LightElement {
  @property({ attribute: false }) label = 'Rows';
  @property({ attribute: false }) rows!: RowPages<Row>;
  /** Another one when `rows` holds others. */
  @property({ attribute: false }) revision = 0;
  @property({ attribute: false }) columns: ReadonlyArray<PagedColumn<Row>> = [];
  @property({ attribute: false }) rowPixels = ROW_PIXELS;
  /** All rows in their order: each stands at the place of its number. */
  @property({ attribute: false }) inOrder = true;
  @property({ attribute: false }) sort: Sort | null = null;
  /** Its number. */
  @property({ attribute: false }) chosen: number | null = null;
  /** Another one when the chosen row is to be brought in sight. */
  @property({ attribute: false }) goneTo = 0;
  /** Classes of a row. */
  @property({ attribute: false }) look: (row: Row) => string = () => '';
  /** `how`: the keyboard went over it; it was clicked; or it was clicked twice, or Enter pressed on it. */
  @property({ attribute: false }) onChoose: (row: Row, how: 'passed' | 'chosen' | 'opened') => void = () => {};
  @property({ attribute: false }) onSort: (name: string, first: Direction) => void = () => {};
  @state() private scrolled = 0;
  @state() private visible = 400;
  /** Where the keyboard is. */
  @state() private cell: Cell = { row: 0, column: 0 };

  /** Where the keyboard went before the row had come. */
  #awaited: number | null = null;
  readonly #resized = new ResizeObserver(() => this.#onResize());

  protected override firstUpdated(): void {
    const scroller = this.#scroller;
    if (scroller) this.#resized.observe(scroller);
    if (this.chosen !== null) this.#bring(this.chosen);
  }

  override disconnectedCallback(): void {
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  get #total(): number {
    return this.rows.total ?? 0;
  }

  get #scroller(): HTMLElement | null {
    return this.querySelector('.grid');
  }

  protected override render(): TemplateResult {
    const { first, end, top } = windowAt(this.scrolled, this.visible, this.#total, this.rowPixels);
    const numbers = Array.from({ length: end - first }, (_, i) => first + i);
    const { tracks, least } = tracksOf(this.columns);
    return html`
      <div
        class="grid rows-grid ${this.rowPixels === ROW_PIXELS ? 'single-line' : ''}"
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-rowcount=${this.#total + 1}
        aria-colcount=${this.columns.length}
        aria-activedescendant=${this.#total > 0 ? cellId(this.cell) : nothing}
        ${styles({ '--columns': tracks, '--least': `${least}px`, '--row-height': `${this.rowPixels}px` })}
        @scroll=${this.#measure}
        @keydown=${this.#onKey}
      >
        <div class="grid-head grid-row" role="row" aria-rowindex="1">
          ${this.columns.map((column, i) => this.#head(column, i))}
        </div>
        <div class="grid-body" role="rowgroup" ${styles({ height: `${scrolledHeight(this.#total, this.rowPixels)}px` })}>
          ${repeat(
            numbers,
            at => at,
            at => this.#row(at, top + (at - first) * this.rowPixels),
          )}
        </div>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { first, end } = windowAt(this.scrolled, this.visible, this.#total, this.rowPixels);
    if (this.#total > 0) this.rows.want(first, end);
    if (this.#awaited !== null && this.rows.row(this.#awaited)?.stale === false) this.#choose(this.#awaited, 'passed');
    if ((changed.has('chosen') || changed.has('goneTo')) && this.chosen !== null && this.hasUpdated)
      this.#bring(this.chosen);
  }

  #head({ title, kind, meaning, sort }: PagedColumn<Row>, column: number): TemplateResult {
    const place = { row: HEADER, column };
    const direction = sort && this.sort?.column === sort.name ? this.sort.direction : undefined;
    return html`
      <div
        id=${cellId(place)}
        class="cell ${kind} ${sort ? 'sortable' : ''} ${this.#here(place)}"
        role="columnheader"
        title=${meaning}
        aria-sort=${direction ?? nothing}
        @click=${() => sort && this.onSort(sort.name, sort.first)}
      >${title}${
        direction
          ? html`<span class="codicon codicon-${direction === 'ascending' ? 'arrow-small-up' : 'arrow-small-down'}" aria-hidden="true"></span>`
          : nothing
      }</div>
    `;
  }

  #row(at: number, top: number): TemplateResult {
    const found = this.rows.row(at);
    const row = found?.row;
    const chosen = row !== undefined && row.row === this.chosen;
    return html`
      <div
        class="grid-row ${chosen ? 'focused' : ''} ${found?.stale ? 'stale' : ''} ${row ? this.look(row) : ''}"
        role="row"
        aria-rowindex=${at + 2}
        aria-selected=${chosen}
        ${styles({ transform: `translateY(${top}px)` })}
        @click=${() => this.#choose(at, 'chosen')}
        @dblclick=${() => this.#choose(at, 'opened')}
      >${row ? this.columns.map((column, i) => this.#cell(column.cell(row), { row: at, column: i })) : nothing}</div>
    `;
  }

  #cell({ content, kind = '', meaning }: PagedCell, place: Cell): TemplateResult {
    return html`<div id=${cellId(place)} class="cell ${kind} ${this.#here(place)}" role="gridcell" title=${meaning ?? nothing}>${content}</div>`;
  }

  #here({ row, column }: Cell): string {
    return this.cell.row === row && this.cell.column === column ? 'here' : '';
  }

  readonly #measure = (): void => {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.scrolled = scroller.scrollTop;
    this.visible = Math.max(this.rowPixels, scroller.clientHeight - HEADER_PIXELS);
  };

  /** What is laid open under the rows takes room from them: the chosen one stays in sight. */
  #onResize(): void {
    const before = this.visible;
    this.#measure();
    if (this.visible < before && this.chosen !== null) this.#bring(this.chosen);
  }

  #choose(at: number, how: 'passed' | 'chosen' | 'opened'): void {
    const row = this.rows.row(at)?.row;
    this.cell = { ...this.cell, row: at };
    this.#awaited = row ? null : at;
    if (row && !(how === 'passed' && row.row === this.chosen)) this.onChoose(row, how);
  }

  #bring(row: number): void {
    const at = this.rows.placeOf(row) ?? (this.inOrder ? row : null);
    if (at === null || at >= this.#total) return;
    this.cell = { ...this.cell, row: at };
    this.#scrollTo(at);
  }

  #scrollTo(at: number): void {
    const scroller = this.#scroller;
    if (scroller) scroller.scrollTop = scrollTopWith(at, scroller.scrollTop, this.visible, this.#total, this.rowPixels);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      const sort = this.columns[this.cell.column]?.sort;
      if (this.cell.row !== HEADER) this.#choose(this.cell.row, 'opened');
      else if (sort) this.onSort(sort.name, sort.first);
    } else {
      const page = Math.max(1, Math.floor(this.visible / this.rowPixels) - 1);
      const next = cellAfterKey(this.cell, event, { rows: this.#total, columns: this.columns.length, page });
      if (!next) return;
      this.cell = next;
      if (next.row !== HEADER) {
        this.#scrollTo(next.row);
        this.#choose(next.row, 'passed');
      }
      this.querySelector('.cell.here')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    event.preventDefault();
  };
}

const cellId = ({ row, column }: Cell): string => `row-cell-${row}-${column}`;

declare global {
  interface HTMLElementTagNameMap {
    'lm-paged-grid': PagedGrid<NumberedRow>;
  }
}
