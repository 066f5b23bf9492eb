import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, counted } from './format.ts';
import {
  type Column,
  columnsThatFit,
  IN_ORDER,
  nextSort,
  type Sort,
  sortedRows,
  type TableRow,
} from './gridColumns.ts';
import { type Cell, cellAfterKey, HEADER } from './gridKeys.ts';
import { LightElement } from './lightElement.ts';
import { styles } from './styles.ts';
import { VirtualList } from './virtualList.ts';

const ROW_PIXELS = 22;
const HEADER_PIXELS = 24;

/** Every figure of every token: a grid that is sorted by its titles and draws only the rows in sight. */
@customElement('lm-token-table')
export class TokenTable extends LightElement {
  @property({ attribute: false }) rows: readonly TableRow[] = [];
  @property({ attribute: false }) columns: readonly Column<never>[] = [];
  @property({ attribute: false }) sort: Sort = IN_ORDER;
  @property({ attribute: false }) hiddenSteps: readonly number[] = [];
  @property({ attribute: false }) focused: number | null = null;
  @property({ attribute: false }) onSort: (sort: Sort) => void = () => {};
  @property({ attribute: false }) onFocus: (token: number) => void = () => {};
  @property({ attribute: false }) onReveal: (token: number) => void = () => {};
  @state() private width = 600;
  /** Where the keyboard is. */
  @state() private cell: Cell = { row: 0, column: 0 };

  #view: readonly TableRow[] = [];
  #columns: readonly Column<TableRow>[] = [];
  readonly #resized = new ResizeObserver(([entry]) => {
    this.width = entry?.contentRect.width ?? this.width;
  });
  readonly #list = new VirtualList(this, {
    scroller: () => this.querySelector('.grid'),
    height: () => ROW_PIXELS,
    overscan: 8,
    above: HEADER_PIXELS,
  });

  protected override firstUpdated(): void {
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const columns = this.columns as readonly Column<TableRow>[]; // whoever gives rows gives columns for them
    this.#columns = columnsThatFit(columns, this.width);
    if (changed.has('rows') || changed.has('sort') || changed.has('hiddenSteps')) {
      const shown = this.hiddenSteps.length
        ? this.rows.filter(({ step }) => !this.hiddenSteps.includes(step))
        : this.rows;
      this.#view = sortedRows(shown, columns, this.sort);
    }
    if (changed.has('focused') && this.focused !== null) {
      const row = this.#view.findIndex(({ index }) => index === this.focused);
      if (row >= 0) this.cell = { ...this.cell, row };
    }
  }

  protected override render(): TemplateResult {
    const rowCount = this.#view.length;
    const items = this.#list.items(rowCount);
    const template = this.#columns
      .map(({ width, grows }) => (grows ? `minmax(${width}px, ${grows}fr)` : `${width}px`))
      .join(' ');
    return html`
      ${
        rowCount < this.rows.length
          ? html`<p class="filtered quiet">${count(rowCount)} of ${counted(this.rows.length, 'token')}: the other steps are hidden.</p>`
          : nothing
      }
      <div
        class="grid"
        role="grid"
        tabindex="0"
        aria-label="Tokens"
        aria-rowcount=${rowCount + 1}
        aria-colcount=${this.#columns.length}
        aria-activedescendant=${cellId(this.cell)}
        ${styles({ '--columns': template })}
        @keydown=${this.#onKey}
      >
        <div class="grid-head grid-row" role="row" aria-rowindex="1">
          ${this.#columns.map((column, at) => this.#title(column, at))}
        </div>
        <div class="grid-body" role="rowgroup" ${styles({ height: `${this.#list.totalHeight}px` })}>
          ${repeat(
            items,
            ({ key }) => key,
            ({ index, start }) => this.#row(index, start),
          )}
        </div>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if ((changed.has('focused') || changed.has('sort')) && this.focused !== null) this.#list.scrollTo(this.cell.row);
  }

  #title(column: Column<TableRow>, at: number): TemplateResult {
    const sorted = this.sort.column === column.name;
    const icon = this.sort.direction === 'ascending' ? 'chevron-up' : 'chevron-down';
    return html`
      <div
        id=${cellId({ row: HEADER, column: at })}
        class="cell ${column.name} ${column.numeric ? 'numeric' : ''} ${this.#here(HEADER, at)}"
        role="columnheader"
        aria-sort=${sorted ? this.sort.direction : 'none'}
        title=${column.meaning}
        @click=${() => this.onSort(nextSort(this.sort, column))}
      >${column.title}${sorted ? html`<span class="codicon codicon-${icon}" aria-hidden="true"></span>` : nothing}</div>
    `;
  }

  #row(at: number, start: number): TemplateResult | typeof nothing {
    const row = this.#view[at];
    if (!row) return nothing;
    const focused = row.index === this.focused;
    return html`
      <div
        class="grid-row ${focused ? 'focused' : ''}"
        role="row"
        aria-rowindex=${at + 2}
        aria-selected=${focused}
        ${styles({ transform: `translateY(${start}px)` })}
        @click=${() => this.#choose(at)}
      >
        ${this.#columns.map(
          (column, columnAt) => html`
            <div
              id=${cellId({ row: at, column: columnAt })}
              class="cell ${column.name} ${column.numeric ? 'numeric' : ''} ${this.#here(at, columnAt)}"
              role="gridcell"
            >${column.content(row)}</div>
          `,
        )}
      </div>
    `;
  }

  #here(row: number, column: number): string {
    return this.cell.row === row && this.cell.column === column ? 'here' : '';
  }

  #choose(row: number): void {
    const token = this.#view[row]?.index;
    if (token === undefined) return;
    this.onFocus(token);
    this.onReveal(token);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const column = this.#columns[this.cell.column];
    if (event.key === 'Enter' || event.key === ' ') {
      if (this.cell.row === HEADER && column) this.onSort(nextSort(this.sort, column));
      else this.#choose(this.cell.row);
    } else {
      const page = Math.max(1, Math.floor(this.#list.visibleHeight / ROW_PIXELS) - 2);
      const next = cellAfterKey(this.cell, event, { rows: this.#view.length, columns: this.#columns.length, page });
      if (!next) return;
      this.#goTo(next);
    }
    event.preventDefault();
  };

  #goTo(cell: Cell): void {
    this.cell = cell;
    const token = this.#view[cell.row]?.index;
    if (token === undefined) return;
    if (token === this.focused) this.#list.scrollTo(cell.row);
    else this.onFocus(token);
  }
}

const cellId = ({ row, column }: Cell): string => `token-cell-${row}-${column}`;

declare global {
  interface HTMLElementTagNameMap {
    'lm-token-table': TokenTable;
  }
}
