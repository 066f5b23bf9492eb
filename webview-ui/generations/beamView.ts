import { html, type PropertyValues, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { visibleText } from '../../src/protocol/heat.ts';
import type { BeamStep } from '../../src/protocol/panels/generations.ts';
import { percent } from '../shared/format.ts';
import { LightElement } from '../shared/lightElement.ts';
import { styles } from '../shared/styles.ts';
import { type BeamCell, beamCells } from './beamLattice.ts';

const CELL = { width: 84, gap: 22, height: 22 } as const;
const STEP_PIXELS = CELL.width + CELL.gap;
/** Steps drawn beyond those in sight. */
const BEYOND = 4;

/** How beams live and die: a column a step, a line from each beam to the one that it continues. */
@customElement('lm-beam-view')
export class BeamView extends LightElement {
  @property({ attribute: false }) steps: readonly BeamStep[] = [];
  /** Ids of the tokens of the text that was returned first; none while the search goes on. */
  @property({ attribute: false }) best: readonly number[] = [];
  @state() private from = 0;
  @state() private to = 20;
  #cells: readonly (readonly BeamCell[])[] = [];
  readonly #resized = new ResizeObserver(() => this.#look());

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('steps') || changed.has('best')) this.#cells = beamCells(this.steps, this.best);
  }

  protected override firstUpdated(): void {
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const rows = Math.max(1, ...this.steps.map(({ length }) => length));
    const cells = this.#cells.slice(this.from, this.to).flat();
    const [width, height] = [this.steps.length * STEP_PIXELS, rows * CELL.height];
    return html`
      <div
        class="beams"
        role="img"
        tabindex="0"
        aria-label=${`Beams over ${this.steps.length} steps: the best text is marked, those that were given up are faint.`}
        @scroll=${this.#look}
      >
        <div class="beams-all" ${styles({ width: `${width}px`, height: `${height}px` })}>
          <svg width=${width} height=${height}>${cells.map(cell => line(cell))}</svg>
          ${cells.map(cell => beam(cell))}
        </div>
      </div>
    `;
  }

  readonly #look = (): void => {
    const scroller = this.querySelector('.beams');
    if (!scroller) return;
    this.from = Math.max(0, Math.floor(scroller.scrollLeft / STEP_PIXELS) - BEYOND);
    this.to = Math.ceil((scroller.scrollLeft + scroller.clientWidth) / STEP_PIXELS) + BEYOND;
  };
}

const middle = (row: number): number => row * CELL.height + CELL.height / 2;

function line({ step, row, parentRow, fate }: BeamCell): TemplateResult | undefined {
  if (parentRow === null) return undefined;
  const [x, y] = [step * STEP_PIXELS, middle(row)];
  const [fromX, fromY] = [x - CELL.gap, middle(parentRow)];
  const bend = CELL.gap / 2;
  return svg`<path class=${fate} d=${`M${fromX} ${fromY}C${fromX + bend} ${fromY} ${x - bend} ${y} ${x} ${y}`}></path>`;
}

function beam({ step, row, beam: { token, text, logProbability, finished }, fate }: BeamCell): TemplateResult {
  const place = { left: `${step * STEP_PIXELS}px`, top: `${row * CELL.height}px`, width: `${CELL.width}px` };
  const told = `${text}\n${percent(token.probability)}, log-probability ${logProbability.toFixed(2)}${finished ? ', ended' : ''}`;
  return html`
    <span class="beam ${fate} ${finished ? 'finished' : ''}" title=${told} ${styles(place)}
      ><span class="token-text">${visibleText(token.text)}</span></span
    >
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-beam-view': BeamView;
  }
}
