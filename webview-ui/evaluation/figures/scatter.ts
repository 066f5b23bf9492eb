import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Points } from '../../../src/protocol/panels/evaluation.ts';
import { count, percent } from '../../shared/format.ts';
import { LightElement } from '../../shared/lightElement.ts';
import { styles } from '../../shared/styles.ts';
import { onThemeChange, resolvedColours } from '../../shared/theme.ts';
import { action } from '../../shared/toolbar.ts';
import { COLOURS, drawPoints } from './scatterDrawing.ts';
import { type Frame, moved, nearestPoint, pixelsOf, type Size, wholeFrame, zoomed } from './scatterView.ts';

const HEIGHT_PIXELS = 260;
const NEAR_PIXELS = 12;
const ZOOM = 0.8;

/** Texts in the plane, coloured by group: the mouse or the arrows tell a text, a click opens its row, the wheel zooms. */
@customElement('lm-scatter')
export class Scatter extends LightElement {
  @property({ attribute: false }) points!: Points;
  @property({ attribute: false }) explained: readonly [number, number] = [0, 0];
  /** The line in rows.jsonl of the row that is laid open. */
  @property({ attribute: false }) chosen: number | null = null;
  @property({ attribute: false }) onChoose: (line: number) => void = () => {};
  @state() private hiddenGroups: readonly number[] = [];
  @state() private hovered: number | null = null;
  @state() private frame: Frame | null = null;
  @state() private width = 320;
  #dragged: readonly [number, number] | null = null;
  #unlisten: (() => void) | undefined;
  readonly #resized = new ResizeObserver(([entry]) => {
    if (entry) this.width = Math.max(160, Math.floor(entry.contentRect.width));
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#unlisten = onThemeChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    this.#resized.disconnect();
    this.#unlisten?.();
    super.disconnectedCallback();
  }

  get #size(): Size {
    return { width: this.width, height: HEIGHT_PIXELS };
  }

  get #frame(): Frame {
    return this.frame ?? wholeFrame(this.points);
  }

  protected override render(): TemplateResult {
    const { groups, texts, total } = this.points;
    const text = this.hovered === null ? undefined : texts[this.hovered];
    return html`
      <div class="scatter-head">
        <h3 title=${`First two principal components of the texts’ vectors; they show ${percent(this.explained[0])} and ${percent(this.explained[1])} of the variance`}>Projection</h3>
        ${groups.length > 1 ? groups.map((name, group) => this.#key(name, group)) : nothing}
        ${this.frame ? action('screen-full', '', 'Show all of it', false, () => (this.frame = null)) : nothing}
      </div>
      <div class="scatter-body">
        <canvas
          tabindex="0"
          role="application"
          aria-roledescription="scatter plot"
          aria-label=${text ?? `${count(total)} texts by their first two principal components. Arrows go from text to text, Enter opens one.`}
          ${styles({ height: `${HEIGHT_PIXELS}px` })}
          @mousemove=${this.#onMove}
          @mouseleave=${() => (this.hovered = null)}
          @mousedown=${(event: MouseEvent) => (this.#dragged = [event.offsetX, event.offsetY])}
          @mouseup=${this.#onUp}
          @wheel=${this.#onWheel}
          @keydown=${this.#onKey}
        ></canvas>
        ${this.hovered === null ? nothing : this.#tip(this.hovered)}
      </div>
      <p class="quiet">
        ${percent(this.explained[0] + this.explained[1])} of the variance${this.points.xs.length < total ? ` · ${count(this.points.xs.length)} of ${count(total)} texts are drawn` : ''}
      </p>
    `;
  }

  #key(name: string, group: number): TemplateResult {
    const shown = !this.hiddenGroups.includes(group);
    const toggle = (): void => {
      this.hiddenGroups = shown ? [...this.hiddenGroups, group] : this.hiddenGroups.filter(one => one !== group);
    };
    return html`
      <button class="group-key ${shown ? '' : 'off'}" aria-pressed=${shown} title=${shown ? `Hide ${name}` : `Show ${name}`} @click=${toggle}>
        <span class="swatch shape-${group % 4}" aria-hidden="true" ${styles({ '--of': `var(--curve-${(group % COLOURS) + 1})` })}></span>${name}
      </button>
    `;
  }

  #tip(at: number): TemplateResult {
    const { xs, ys, of, groups, texts } = this.points;
    const [x, y] = pixelsOf(this.#frame, this.#size, xs[at] ?? 0, ys[at] ?? 0);
    const left = x > this.width / 2;
    return html`
      <div class="tip" aria-hidden="true" ${styles({ top: `${Math.max(0, y - 14)}px`, left: left ? 'auto' : `${x + 12}px`, right: left ? `${this.width - x + 12}px` : 'auto' })}>
        <b>${groups[of[at] ?? 0] ?? ''}</b> ${texts[at]}
      </div>
    `;
  }

  protected override updated(_: PropertyValues): void {
    const canvas = this.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const scale = window.devicePixelRatio;
    const { width, height } = this.#size;
    [canvas.width, canvas.height] = [width * scale, height * scale];
    context.scale(scale, scale);
    const look = getComputedStyle(this);
    const names = Array.from({ length: COLOURS }, (_, i) => `--curve-${i + 1}`);
    const colours = resolvedColours(this, names);
    const chosen = this.chosen === null ? -1 : this.points.lines.indexOf(this.chosen);
    const marked = [chosen, this.hovered ?? -1].filter(at => at >= 0);
    drawPoints(context, this.points, this.#frame, this.#size, {
      colours,
      outline: look.color,
      hidden: this.hiddenGroups,
      marked,
    });
  }

  readonly #onMove = (event: MouseEvent): void => {
    const { offsetX, offsetY, buttons } = event;
    if (buttons === 1 && this.#dragged) {
      const [fromX, fromY] = this.#dragged;
      if (Math.hypot(offsetX - fromX, offsetY - fromY) < 3) return;
      this.frame = moved(this.#frame, (offsetX - fromX) / this.width, (offsetY - fromY) / HEIGHT_PIXELS);
      this.#dragged = [offsetX, offsetY];
      this.hovered = null;
    } else this.hovered = this.#near([offsetX, offsetY]);
  };

  readonly #onUp = ({ offsetX, offsetY }: MouseEvent): void => {
    const at = this.#near([offsetX, offsetY]);
    this.#dragged = null;
    if (at !== null && this.hovered !== null) this.onChoose(this.points.lines[at] ?? 0);
  };

  #near(place: readonly [number, number]): number | null {
    return nearestPoint(this.points, this.#frame, this.#size, place, NEAR_PIXELS, this.hiddenGroups);
  }

  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const factor = event.deltaY > 0 ? 1 / ZOOM : ZOOM;
    this.frame = zoomed(this.#frame, factor, event.offsetX / this.width, event.offsetY / HEIGHT_PIXELS);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { length } = this.points.xs;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined && length > 0)
      this.hovered = ((((this.hovered ?? -step) + step) % length) + length) % length;
    else if (event.key === 'Enter' && this.hovered !== null) this.onChoose(this.points.lines[this.hovered] ?? 0);
    else if (event.key === '+') this.frame = zoomed(this.#frame, ZOOM, 0.5, 0.5);
    else if (event.key === '-') this.frame = zoomed(this.#frame, 1 / ZOOM, 0.5, 0.5);
    else if (event.key === '0') this.frame = null;
    else return;
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-scatter': Scatter;
  }
}
