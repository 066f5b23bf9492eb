import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DatasetRow } from '../../src/protocol/dataset.ts';
import { count } from '../shared/format.ts';
import { type Cell, cellAfterKey, HEADER } from '../shared/gridKeys.ts';
import { LightElement } from '../shared/lightElement.ts';
import { styles } from '../shared/styles.ts';
import type { RowPages } from './rowPages.ts';
import { ROW_PIXELS, scrolledHeight, scrollTopWith, windowAt } from './rowWindow.ts';
import { oneLine, type TableColumn, tracksOf } from './tableColumns.ts';

const HEADER_PIXELS = 24;
/** Columns of our own before the file's: the number. */
const BEFORE = 1;
/** And after them: part, tokens, problems. */
const OWN_COLUMNS = [34, 58, 26].map(width => ({ width, grows: 0 }));
const PART_LETTERS = { train: 'tr', validation: 'va', test: 'te' } as const;

/** Rows of a dataset, of which those in sight are fetched and drawn, be there a million. */
@customElement('lm-rows-table')
export class RowsTable extends LightElement {
  @property({ attribute: false }) rows!: RowPages;
  /** Another one when `rows` holds others. */
  @property({ attribute: false }) revision = 0;
  @property({ attribute: false }) columns: readonly TableColumn[] = [];
  /** Rows are as a run would have them: with their part, tokens and problems. */
  @property({ attribute: false }) prepared = true;
  /** Its number after the steps. */
  @property({ attribute: false }) chosen: number | null = null;
  /** Another one when the chosen row is to be brought in sight. */
  @property({ attribute: false }) goneTo = 0;
  @property({ attribute: false }) onChoose: (row: number) => void = () => {};
  /** `open`: in an editor that is opened, where there is none. */
  @property({ attribute: false }) onReveal: (line: number, open: boolean) => void = () => {};
  @state() private scrolled = 0;
  @state() private visible = 400;
  /** Where the keyboard is. */
  @state() private cell: Cell = { row: 0, column: 0 };

  readonly #resized = new ResizeObserver(() => this.#look());

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
    const { first, end, top } = windowAt(this.scrolled, this.visible, this.#total);
    const numbers = Array.from({ length: end - first }, (_, i) => first + i);
    const { tracks, least } = tracksOf([
      { width: 22 + 7.5 * Math.max(3, count(this.#total).length), grows: 0 },
      ...this.columns,
      ...(this.prepared ? OWN_COLUMNS : []),
    ]);
    return html`
      <div
        class="grid rows-grid"
        role="grid"
        tabindex="0"
        aria-label="Rows"
        aria-rowcount=${this.#total + 1}
        aria-colcount=${this.#columnCount}
        aria-activedescendant=${this.#total > 0 ? cellId(this.cell) : nothing}
        ${styles({ '--columns': tracks, '--least': `${least}px` })}
        @scroll=${this.#look}
        @keydown=${this.#onKey}
      >
        <div class="grid-head grid-row" role="row" aria-rowindex="1">
          ${this.#head(0, 'numeric', '#', 'The row’s number after the steps.')}
          ${this.columns.map((column, i) => this.#title(column, i + BEFORE))}
          ${
            this.prepared
              ? html`
                  ${this.#head(this.columns.length + 1, '', html`<span class="visually-hidden">part</span>`, 'The part of the split: train, validation or test.')}
                  ${this.#head(this.columns.length + 2, 'numeric', 'tokens', 'Tokens of the whole encoded row, before it is cut.')}
                  ${this.#head(this.columns.length + 3, '', html`<span class="visually-hidden">problems</span>`, 'What is wrong with the row.')}
                `
              : nothing
          }
        </div>
        <div class="grid-body" role="rowgroup" ${styles({ height: `${scrolledHeight(this.#total)}px` })}>
          ${repeat(
            numbers,
            at => at,
            at => this.#row(at, top + (at - first) * ROW_PIXELS),
          )}
        </div>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { first, end } = windowAt(this.scrolled, this.visible, this.#total);
    if (this.#total > 0) this.rows.want(first, end);
    if ((changed.has('chosen') || changed.has('goneTo')) && this.chosen !== null && this.hasUpdated)
      this.#bring(this.chosen);
  }

  get #columnCount(): number {
    return this.columns.length + BEFORE + (this.prepared ? OWN_COLUMNS.length : 0);
  }

  #head(column: number, kind: string, title: unknown, meaning: string): TemplateResult {
    const cell = { row: HEADER, column };
    return html`<div id=${cellId(cell)} class="cell ${kind} ${this.#here(cell)}" role="columnheader" title=${meaning}>${title}</div>`;
  }

  #title({ title, icon, roles, meaning, numeric }: TableColumn, column: number): TemplateResult {
    return this.#head(
      column,
      `${numeric ? 'numeric' : ''} ${roles.length > 0 ? 'used' : ''}`,
      html`<span class="codicon codicon-${icon}" aria-hidden="true"></span>
        <span class="column-name">${title}</span>${roles.filter(role => role !== title).map(role => html`<span class="role-badge">${role}</span>`)}`,
      meaning,
    );
  }

  #row(at: number, top: number): TemplateResult {
    const found = this.rows.row(at);
    const row = found?.row;
    const chosen = row !== undefined && row.row === this.chosen;
    return html`
      <div
        class="grid-row ${chosen ? 'focused' : ''} ${found?.stale ? 'stale' : ''}"
        role="row"
        aria-rowindex=${at + 2}
        aria-selected=${chosen}
        ${styles({ transform: `translateY(${top}px)` })}
        @click=${() => this.#choose(at, false)}
        @dblclick=${() => this.#choose(at, true)}
      >${row ? this.#cells(row, at) : nothing}</div>
    `;
  }

  #cells(row: DatasetRow, at: number): unknown {
    const cell = (
      column: number,
      kind: string,
      content: unknown,
      meaning: string | typeof nothing = nothing,
    ): TemplateResult => {
      const place = { row: at, column };
      return html`<div id=${cellId(place)} class="cell ${kind} ${this.#here(place)}" role="gridcell" title=${meaning}>${content}</div>`;
    };
    const { problems = [], part, tokens } = row;
    const after = this.columns.length + BEFORE;
    return html`
      ${cell(0, 'numeric quiet', count(row.row + 1), row.line === undefined ? nothing : `Line ${count(row.line)} of the file`)}
      ${this.columns.map(({ numeric }, i) => {
        const { text = '', cut } = row.cells[i] ?? {};
        return cell(
          i + BEFORE,
          numeric ? 'numeric' : '',
          text === '' ? html`<span class="nothing">–</span>` : oneLine(text),
          cut ? `${text}` : nothing,
        );
      })}
      ${
        this.prepared
          ? html`
              ${cell(after, '', part ? html`<span class="part-badge of-${part}" title=${part}>${PART_LETTERS[part]}</span>` : '')}
              ${cell(after + 1, 'numeric', tokens === undefined ? '' : count(tokens))}
              ${cell(
                after + 2,
                '',
                problems.length > 0
                  ? html`<span class="codicon codicon-warning" role="img" aria-label=${problems.join(' ')}></span>`
                  : '',
                problems.length > 0 ? problems.join('\n') : nothing,
              )}
            `
          : nothing
      }
    `;
  }

  #here({ row, column }: Cell): string {
    return this.cell.row === row && this.cell.column === column ? 'here' : '';
  }

  readonly #look = (): void => {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.scrolled = scroller.scrollTop;
    this.visible = Math.max(ROW_PIXELS, scroller.clientHeight - HEADER_PIXELS);
  };

  /** Lays the row open, and shows its line in the editor of the file. */
  #choose(at: number, open: boolean): void {
    const row = this.rows.row(at)?.row;
    this.cell = { ...this.cell, row: at };
    if (!row) return;
    this.onChoose(row.row);
    if (row.line !== undefined) this.onReveal(row.line, open);
  }

  #bring(row: number): void {
    const at = this.rows.placeOf(row) ?? row;
    if (at >= this.#total) return;
    this.cell = { ...this.cell, row: at };
    this.#scrollTo(at);
  }

  #scrollTo(at: number): void {
    const scroller = this.#scroller;
    if (scroller) scroller.scrollTop = scrollTopWith(at, scroller.scrollTop, this.visible, this.#total);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      if (this.cell.row !== HEADER) this.#choose(this.cell.row, true);
    } else {
      const page = Math.max(1, Math.floor(this.visible / ROW_PIXELS) - 1);
      const next = cellAfterKey(this.cell, event, { rows: this.#total, columns: this.#columnCount, page });
      if (!next) return;
      this.cell = next;
      if (next.row !== HEADER) {
        this.#scrollTo(next.row);
        const row = this.rows.row(next.row)?.row.row ?? next.row;
        if (row !== this.chosen) this.onChoose(row);
      }
      this.querySelector('.cell.here')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    event.preventDefault();
  };
}

const cellId = ({ row, column }: Cell): string => `row-cell-${row}-${column}`;

declare global {
  interface HTMLElementTagNameMap {
    'lm-rows-table': RowsTable;
  }
}
