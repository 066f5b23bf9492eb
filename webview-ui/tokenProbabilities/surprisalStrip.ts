import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { bitsWithUnit, count } from '../shared/format.ts';
import { LightElement } from '../shared/lightElement.ts';
import { onThemeChange } from '../shared/theme.ts';
import { styles } from '../shared/styles.ts';
import type { TokenRow } from './rows.ts';
import { scaleLabels, tokenAt } from './stripColumns.ts';
import { drawStrip } from './stripDrawing.ts';

/** So that a short text does not become a row of blocks. */
const WIDEST_BAR_PIXELS = 36;

/** Surprisal by position over the whole text; a second model's as a line over it. */
@customElement('lm-surprisal-strip')
export class SurprisalStrip extends LightElement {
  @property({ attribute: false }) rows: readonly TokenRow[] = [];
  @property({ attribute: false }) hiddenSteps: readonly number[] = [];
  @property({ attribute: false }) focused: number | null = null;
  @property({ attribute: false }) secondModel: string | null = null;
  @property({ attribute: false }) onFocus: (token: number) => void = () => {};
  @property({ attribute: false }) onReveal: (token: number) => void = () => {};
  @state() private hovered: number | null = null;

  #labels: ReturnType<typeof scaleLabels> = [];
  #stopWatchingTheme: (() => void) | undefined;
  readonly #resized = new ResizeObserver(() => this.#draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatchingTheme = onThemeChange(() => this.#draw());
  }

  override disconnectedCallback(): void {
    this.#stopWatchingTheme?.();
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    const plot = this.querySelector('.plot');
    if (plot) this.#resized.observe(plot);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('rows')) return;
    this.hovered = null;
    this.#labels = scaleLabels(this.rows.map(({ token }) => token.surprisal));
  }

  protected override render(): TemplateResult {
    const told = this.rows[this.hovered ?? this.focused ?? -1];
    return html`
      <h3>
        Surprisal by position
        ${this.secondModel ? html`<span class="line-key" title="The line over the bars">${this.secondModel}</span>` : nothing}
        <span class="readout">${told ? this.#readout(told) : ''}</span>
      </h3>
      <div
        class="plot"
        ${styles({ 'max-width': `${this.rows.length * WIDEST_BAR_PIXELS}px` })}
        role="slider"
        tabindex="0"
        aria-label="Position in the text"
        aria-valuemin="1"
        aria-valuemax=${this.rows.length}
        aria-valuenow=${(this.focused ?? 0) + 1}
        aria-valuetext=${told ? `Token ${told.index + 1}, ${told.label}, ${bitsWithUnit(told.token.surprisal)}` : nothing}
        @pointermove=${(event: PointerEvent) => (this.hovered = this.#tokenUnder(event))}
        @pointerleave=${() => (this.hovered = null)}
        @click=${(event: MouseEvent) => this.onFocus(this.#tokenUnder(event))}
        @keydown=${this.#onKey}
      >
        <canvas aria-hidden="true"></canvas>
        ${this.#labels.map(
          ({ bits, share }) =>
            html`<span class="scale-label" ${styles({ bottom: `${share * 100}%` })} aria-hidden="true">${bits}</span>`,
        )}
        ${this.#marker(this.focused, 'focus-marker')} ${this.#marker(this.hovered, 'hover-marker')}
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('rows') || changed.has('hiddenSteps') || changed.has('secondModel')) this.#draw();
  }

  #readout({ index, label, token, compared }: TokenRow): TemplateResult {
    return html`
      <span class="quiet">${count(index + 1)}</span> <span class="token-text">${label}</span>
      <b>${bitsWithUnit(token.surprisal)}</b>
      ${compared ? html`<span class="line-value">${bitsWithUnit(compared.surprisal)}</span>` : nothing}
    `;
  }

  #marker(token: number | null, kind: string): TemplateResult | typeof nothing {
    if (token === null || token >= this.rows.length) return nothing;
    const share = (value: number): string => `${(value / this.rows.length) * 100}%`;
    return html`<div class="marker ${kind}" ${styles({ left: share(token), width: share(1) })}></div>`;
  }

  #tokenUnder({ clientX, currentTarget }: MouseEvent): number {
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    return tokenAt((clientX - left) / width, this.rows.length);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.rows.length - 1;
    const page = Math.max(1, Math.round(this.rows.length / 10));
    const at = this.focused ?? 0;
    const targets: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      PageUp: at + page,
      PageDown: at - page,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) this.onFocus(Math.min(last, Math.max(0, target)));
    else if (event.key === 'Enter') this.onReveal(at);
    else return;
    event.preventDefault();
  };

  #draw(): void {
    const canvas = this.querySelector('canvas');
    if (canvas) drawStrip(canvas, this.rows, this.hiddenSteps, this.secondModel !== null);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-surprisal-strip': SurprisalStrip;
  }
}
