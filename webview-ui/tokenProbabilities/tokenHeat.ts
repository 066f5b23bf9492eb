import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { bits, count } from '../shared/format.ts';
import { LightElement } from '../shared/lightElement.ts';
import { tokenOnNextLine } from '../shared/lineSteps.ts';
import { OpenCard } from '../shared/openCard.ts';
import { bringIntoSight } from '../shared/scroll.ts';
import { styles } from '../shared/styles.ts';
import { tokenText } from '../shared/tokenText.ts';
import { VirtualList } from '../shared/virtualList.ts';
import { type Block, blockOf, textBlocks } from './blocks.ts';
import type { TokenRow } from './rows.ts';
import { tokenCard } from './tokenCard.ts';

/** For guessing a block's height before it is laid out. */
const GUESS = { linePixels: 22, characterPixels: 7.5 } as const;

/** The text, each token on a background by its surprisal. Long texts are laid out where they are in sight. */
@customElement('lm-token-heat')
export class TokenHeat extends LightElement {
  @property({ attribute: false }) rows: readonly TokenRow[] = [];
  @property({ attribute: false }) hiddenSteps: readonly number[] = [];
  @property({ attribute: false }) underline = false;
  @property({ attribute: false }) focused: number | null = null;
  @property({ attribute: false }) secondModel: string | null = null;
  @property({ attribute: false }) onFocus: (token: number) => void = () => {};
  @property({ attribute: false }) onReveal: (token: number) => void = () => {};
  @property({ attribute: false }) onReplace: ((token: number, text: string) => void) | null = null;

  #blocks: readonly Block[] = [];
  readonly #open = new OpenCard(this, token => this.#tokenElement(token));
  readonly #list = new VirtualList(this, {
    scroller: () => this.#scroller,
    height: index => this.#guessedHeight(index),
    overscan: 2,
  });

  get #scroller(): HTMLElement | null {
    return this.querySelector('.heat-scroller');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('rows')) return;
    this.#blocks = textBlocks(this.rows);
    this.#list.reset();
    this.#open.close();
  }

  protected override render(): TemplateResult {
    const items = this.#list.items(this.#blocks.length);
    return html`
      <div
        class="heat-scroller ${this.underline ? 'underlined' : ''}"
        role="listbox"
        tabindex="0"
        aria-label="Text, token by token"
        aria-activedescendant=${this.focused === null ? nothing : tokenElementId(this.focused)}
        @keydown=${this.#onKey}
        @pointerover=${this.#onPointerOver}
        @pointerleave=${() => this.#open.follow(null)}
        @click=${this.#onClick}
        @scroll=${this.#open.close}
        @focusout=${this.#onFocusOut}
      >
        <div class="heat-text" ${styles({ height: `${this.#list.totalHeight}px` })}>
          ${repeat(
            items,
            ({ key }) => key,
            ({ index, start }) => html`
              <div
                class="heat-block"
                data-index=${index}
                ${styles({ transform: `translateY(${start}px)` })}
                ${ref(this.#list.measure)}
              >${this.#block(this.#blocks[index])}</div>
            `,
          )}
        </div>
      </div>
      <div
        class="card"
        popover="manual"
        role="group"
        aria-label="Token"
        @pointerenter=${this.#open.keep}
        @pointerleave=${() => this.#open.follow(null)}
        @keydown=${this.#onCardKey}
        @focusout=${this.#onFocusOut}
      >${this.#card()}</div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('focused') && this.focused !== null) void this.#bringIntoSight(this.focused);
  }

  #block(block: Block | undefined): unknown {
    if (!block) return nothing;
    const focused =
      this.focused !== null && this.focused >= block.from && this.focused < block.to ? this.focused : null;
    return guard([block, this.hiddenSteps, focused], () =>
      this.rows.slice(block.from, block.to).map(row => this.#token(row)),
    );
  }

  #token({ index, label, shown, step, token }: TokenRow): TemplateResult {
    const focused = index === this.focused;
    const hidden = this.hiddenSteps.includes(step);
    // A word's own space stays blank, so that words stand apart and no colour hangs over the end of a line.
    const space = /^ (?! |$)/.test(shown) ? ' ' : '';
    return html`${space}<span
      id=${tokenElementId(index)}
      class="token ${token.surprisal === null ? 'unscored' : hidden ? 'step-hidden' : `heat-${step}`} ${focused ? 'focused' : ''}"
      role="option"
      aria-selected=${focused}
      aria-label=${token.surprisal === null ? `${label}, not scored` : `${label}, ${bits(token.surprisal)} bits, rank ${count(token.rank ?? 0)}`}
      data-token=${index}
    >${tokenText(shown.slice(space.length))}</span>`;
  }

  #card(): TemplateResult | typeof nothing {
    const { token } = this.#open;
    const row = token === null ? undefined : this.rows[token];
    if (!row) return nothing;
    const replace = this.onReplace;
    return tokenCard(row, {
      secondModel: this.secondModel,
      onReplace:
        replace &&
        (text => {
          this.#open.close();
          replace(row.index, text);
        }),
    });
  }

  #guessedHeight(index: number): number {
    const { characters, lines } = this.#blocks[index] ?? { characters: 0, lines: 1 };
    const room = Math.max(1, (this.#scroller?.clientWidth ?? 600) / GUESS.characterPixels);
    return Math.max(lines, Math.ceil(characters / room)) * GUESS.linePixels;
  }

  #tokenElement(token: number): HTMLElement | null {
    return this.querySelector(`#${tokenElementId(token)}`);
  }

  async #bringIntoSight(token: number): Promise<void> {
    const scroller = this.#scroller;
    if (!this.#tokenElement(token)) {
      this.#list.scrollTo(blockOf(this.#blocks, token));
      await new Promise(requestAnimationFrame);
      await this.updateComplete;
    }
    const element = this.#tokenElement(token);
    if (scroller && element) bringIntoSight(scroller, element);
  }

  readonly #onPointerOver = (event: PointerEvent): void => this.#open.pointAt(event, tokenOf(event));

  readonly #onClick = (event: MouseEvent): void => {
    const token = tokenOf(event);
    // A click that ends a selection of text is not meant for the token under it.
    if (token === null || getSelection()?.isCollapsed === false) return;
    this.onFocus(token);
    this.onReveal(token);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#open.close();
    else if (event.key === 'Enter' && this.focused !== null) this.onReveal(this.focused);
    else {
      const token = this.#keyTarget(event.key);
      if (token === null) return;
      this.onFocus(token);
      this.#open.follow(token);
    }
    event.preventDefault();
  };

  #keyTarget(key: string): number | null {
    const last = this.rows.length - 1;
    const at = this.focused ?? -1;
    const within = (token: number): number => Math.min(last, Math.max(0, token));
    switch (key) {
      case 'ArrowRight':
        return within(at + 1);
      case 'ArrowLeft':
        return within(at - 1);
      case 'ArrowDown':
      case 'ArrowUp':
        return tokenOnNextLine(this, this.#tokenElement(at), key === 'ArrowDown') ?? within(at);
      case 'Home':
        return 0;
      case 'End':
        return last;
      default:
        return null;
    }
  }

  readonly #onCardKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    this.#open.close();
    this.#scroller?.focus();
  };

  readonly #onFocusOut = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.#open.close();
  };
}

const tokenElementId = (token: number): string => `heat-token-${token}`;

function tokenOf(event: Event): number | null {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-token]') : null;
  return element ? Number(element.dataset['token']) : null;
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-token-heat': TokenHeat;
  }
}
