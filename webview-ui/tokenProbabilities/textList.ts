import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { visibleText } from '../../src/protocol/heat.ts';
import type { PanelText } from '../../src/protocol/panels/tokenProbabilities.ts';
import { bitsWithUnit, counted, perplexity } from '../shared/format.ts';
import { LightElement } from '../shared/lightElement.ts';
import { VirtualList } from '../shared/virtualList.ts';
import { styles } from '../shared/styles.ts';
import { meanBits } from './figures.ts';
import { rankedTexts } from './rankedTexts.ts';

const ROW_PIXELS = 22;

/** The texts that were scored together, the likeliest first; the one that is laid open is marked. */
@customElement('lm-text-list')
export class TextList extends LightElement {
  @property({ attribute: false }) texts: readonly PanelText[] = [];
  @property({ attribute: false }) selected = 0;
  @property({ attribute: false }) document = '';
  @property({ attribute: false }) comparing = false;
  @property({ attribute: false }) onSelect: (text: number) => void = () => {};

  /** Indices of the texts, in the order in which they are shown. */
  #order: readonly number[] = [];
  #highest = 1;
  readonly #list = new VirtualList(this, {
    scroller: () => this.querySelector('.text-rows'),
    height: () => ROW_PIXELS,
    overscan: 6,
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('texts')) return;
    this.#order = rankedTexts(this.texts);
    this.#highest = this.texts.reduce((most, { scored }) => Math.max(most, scored.perplexity ?? 0), 1);
  }

  protected override render(): TemplateResult {
    const items = this.#list.items(this.#order.length);
    return html`
      <h3>${counted(this.texts.length, 'text')}${this.document ? ` of ${this.document}` : ''}, by perplexity</h3>
      <div
        class="text-rows"
        role="listbox"
        tabindex="0"
        aria-label="Texts, by perplexity"
        aria-activedescendant=${textId(this.selected)}
        @keydown=${this.#onKey}
      >
        <div class="text-rows-all" ${styles({ height: `${this.#list.totalHeight}px` })}>
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
    if (changed.has('selected')) this.#list.scrollTo(this.#order.indexOf(this.selected));
  }

  #row(at: number, start: number): TemplateResult {
    const index = this.#order[at] ?? 0;
    const text = this.texts[index];
    const selected = index === this.selected;
    const value = text?.scored.perplexity ?? null;
    return html`
      <div
        id=${textId(index)}
        class="text-row ${selected ? 'selected' : ''} ${this.comparing ? 'compared' : ''}"
        role="option"
        aria-selected=${selected}
        aria-setsize=${this.texts.length}
        aria-posinset=${at + 1}
        ${styles({ transform: `translateY(${start}px)` })}
        @click=${() => this.onSelect(index)}
      >
        <span class="number">${perplexity(value)}</span>
        ${this.comparing ? html`<span class="number second">${perplexity(text?.compared?.perplexity ?? null)}</span>` : ''}
        <span class="bar"><span ${styles({ width: `${((value ?? 0) / this.#highest) * 100}%` })}></span></span>
        <span class="token-text line-text" title=${`Line ${text?.line}`}>${visibleLine(text)}</span>
        <span class="number quiet" title="Mean surprisal of a token">${text ? bitsWithUnit(meanBits(text.scored)) : ''}</span>
      </div>
    `;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const at = this.#order.indexOf(this.selected);
    const last = this.#order.length - 1;
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const text = this.#order[Math.min(last, Math.max(0, target))];
    if (text !== undefined && text !== this.selected) this.onSelect(text);
  };
}

const textId = (text: number): string => `text-${text}`;

/** On one line: its spaces as they are, its other whitespace visible; no longer than a row can show. */
function visibleLine(text: PanelText | undefined): string {
  const shown = text?.scored.text.trim().slice(0, 300) ?? '';
  return shown
    .split(' ')
    .map(word => visibleText(word))
    .join(' ');
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-text-list': TextList;
  }
}
