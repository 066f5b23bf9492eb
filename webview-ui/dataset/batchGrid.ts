import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LaidOpenBatch } from '../../src/protocol/dataset.ts';
import { count } from '../shared/format.ts';
import { LightElement } from '../shared/lightElement.ts';
import { styles } from '../shared/styles.ts';
import { onThemeChange, resolvedColours } from '../shared/theme.ts';
import { tokenText } from '../shared/tokenText.ts';
import { type BatchCell, batchCells, IGNORED } from './batchCells.ts';

const CELL_PIXELS = 64;
/** Columns that are drawn beyond those in sight. */
const AROUND = 4;
const STATES = ['scored', 'ignored', 'padded'] as const;

/**
 * A batch as a grid: above, all of it, a pixel a position; below, the positions in sight, each with its token and under
 * it the token to predict.
 */
@customElement('lm-batch-grid')
export class BatchGrid extends LightElement {
  @property({ attribute: false }) batch!: LaidOpenBatch;
  @property({ attribute: false }) ids = false;
  /** Positions have targets. */
  @property({ attribute: false }) targets = true;
  /** Its rows are pieces of packed text. */
  @property({ attribute: false }) pieces = false;
  @property({ attribute: false }) onRow: (row: number) => void = () => {};
  @state() private first = 0;
  @state() private visible = 8;

  #cells: readonly BatchCell[][] = [];
  #stopWatchingTheme: (() => void) | undefined;
  readonly #resized = new ResizeObserver(() => this.#look());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatchingTheme = onThemeChange(() => this.#draw());
  }

  override disconnectedCallback(): void {
    this.#stopWatchingTheme?.();
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('batch')) this.#cells = this.batch.cells.map(batchCells);
  }

  protected override firstUpdated(): void {
    const scroller = this.querySelector('.batch-scroller');
    if (scroller) this.#resized.observe(scroller);
  }

  protected override render(): TemplateResult {
    const [rows, length] = this.batch.shape;
    const from = Math.max(0, this.first - AROUND);
    const to = Math.min(length, this.first + this.visible + AROUND);
    const columns = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
    return html`
      <div class="batch-map" role="img" aria-label="All positions of the batch" title="The whole batch; click to go there" @click=${this.#goTo}>
        <canvas aria-hidden="true" ${styles({ height: `${Math.max(12, Math.min(72, rows * 6))}px` })}></canvas>
        <span class="batch-window" ${styles({ left: share(this.first, length), width: share(Math.min(this.visible, length), length) })}></span>
      </div>
      <div class="batch-scroller" tabindex="0" role="group" aria-label="Positions, each with its token and its target" @scroll=${this.#look}>
        <div class="batch-all" ${styles({ width: `${length * CELL_PIXELS}px` })}>
          <div class="batch-positions">
            ${columns.map(at => html`<span class="batch-position quiet" ${styles({ left: `${at * CELL_PIXELS}px` })}>${count(at)}</span>`)}
          </div>
          ${this.#cells.map((row, i) => this.#row(row, i, columns))}
        </div>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('batch')) {
      this.#draw();
      this.#look();
    }
  }

  #row(row: readonly BatchCell[], i: number, columns: readonly number[]): TemplateResult {
    const { rows, labels, cells } = this.batch;
    const at = Math.floor((i * rows.length) / cells.length); // a row of several sequences has as many lines
    const label = labels?.[at];
    return html`
      <div class="batch-row ${this.targets ? '' : 'without-targets'}">
        <div class="batch-row-name">
          ${this.#rowName(rows[at])} ${label === undefined ? nothing : html`<span class="quiet">label <b>${label}</b></span>`}
        </div>
        <div class="batch-cells">${columns.map(at => this.#cell(row[at], at))}</div>
      </div>
    `;
  }

  #rowName(number: number | undefined): TemplateResult | typeof nothing {
    if (number === undefined) return nothing;
    if (this.pieces) return html`<span class="quiet steady">piece ${count(number + 1)}</span>`;
    return html`
      <button class="link steady" title="Show this row" @click=${() => this.onRow(number)}>row ${count(number + 1)}</button>
    `;
  }

  #cell(cell: BatchCell | undefined, at: number): TemplateResult | typeof nothing {
    if (!cell) return nothing;
    const { id, text, state, target } = cell;
    const told =
      state === 'padded' ? ', padding' : !this.targets ? '' : target ? `, predicts ${target.id}` : ', ignored (−100)';
    return html`
      <span class="batch-cell batch-${state}" title=${`Position ${at}: ${id}${told}`} ${styles({ left: `${at * CELL_PIXELS}px` })}>
        <span class="token-text">${this.ids ? id : tokenText(text)}</span>
        ${this.targets ? html`<span class="token-text target">${this.#target(cell)}</span>` : nothing}
      </span>
    `;
  }

  #target({ state, target }: BatchCell): unknown {
    if (target === null) return this.ids && state === 'ignored' ? IGNORED : '·';
    return this.ids || target.text === '' ? target.id : tokenText(target.text);
  }

  readonly #look = (): void => {
    const scroller = this.querySelector('.batch-scroller');
    if (!scroller) return;
    this.first = Math.floor(scroller.scrollLeft / CELL_PIXELS);
    this.visible = Math.ceil(scroller.clientWidth / CELL_PIXELS);
  };

  readonly #goTo = ({ clientX, currentTarget }: MouseEvent): void => {
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    const scroller = this.querySelector('.batch-scroller');
    const at = ((clientX - left) / width) * this.batch.shape[1] - this.visible / 2;
    scroller?.scrollTo({ left: at * CELL_PIXELS });
  };

  /** A pixel a position; the canvas is stretched over the width. */
  #draw(): void {
    const canvas = this.querySelector('canvas');
    const pen = canvas?.getContext('2d');
    if (!canvas || !pen) return;
    const [rows, length] = this.batch.shape;
    canvas.width = Math.max(1, length);
    canvas.height = Math.max(1, rows);
    const colours = resolvedColours(
      this,
      STATES.map(state => `--batch-${state}`),
    );
    this.#cells.forEach((row, y) => {
      row.forEach(({ state }, x) => {
        pen.fillStyle = colours[STATES.indexOf(state)] ?? '';
        pen.fillRect(x, y, 1, 1);
      });
    });
  }
}

const share = (part: number, whole: number): string => `${(100 * part) / Math.max(1, whole)}%`;

declare global {
  interface HTMLElementTagNameMap {
    'lm-batch-grid': BatchGrid;
  }
}
