import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { Alternative } from '../../src/protocol/engine.ts';
import type { GeneratedToken } from '../../src/protocol/generation.ts';
import { heatStep, visibleText } from '../../src/protocol/heat.ts';
import { bits, count } from './format.ts';
import { generatedCard } from './generatedCard.ts';
import { type Piece, piecesOf } from './generatedPieces.ts';
import type { HeatLook } from './steps.ts';
import { LightElement } from './lightElement.ts';
import { OpenCard } from './openCard.ts';
import { tokenAfterKey } from './tokenKeys.ts';
import { tokenText } from './tokenText.ts';

/** Tokens that are drawn anew together: a text that grows redraws only its end. */
const CHUNK = 50;

const NO_MARKS: ReadonlyMap<number, string> = new Map();

/** A text as the model makes it, each token on a background by its surprisal, with a card for each. */
@customElement('lm-generated-text')
export class GeneratedText extends LightElement {
  @property({ attribute: false }) tokens: readonly GeneratedToken[] = [];
  /** The text as far as it is certain, where it is not simply that of the tokens. */
  @property({ attribute: false }) text: string | null = null;
  @property({ attribute: false }) heat = true;
  @property({ attribute: false }) look: HeatLook = { hiddenSteps: [], underline: false };
  /** Further classes of tokens, by their index, such as those that differ from another text. */
  @property({ attribute: false }) marks: ReadonlyMap<number, string> = NO_MARKS;
  /** The tokens were drawn at random, and not the likeliest taken. */
  @property({ attribute: false }) drawn = true;
  /** More tokens are to come. */
  @property({ attribute: false }) running = false;
  /** What a screen reader calls the text. */
  @property({ attribute: false }) label = 'Generated text, token by token';
  /** Lets the text go on from another token; null where that is not offered. */
  @property({ attribute: false }) onChoose: ((token: number, alternative: Alternative) => void) | null = null;
  @state() private focused: number | null = null;

  readonly #open = new OpenCard(this, token => this.#tokenElement(token));

  protected override render(): TemplateResult {
    const { focused } = this;
    return html`
      <div
        class="generated-text ${this.look.underline ? 'underlined' : ''}"
        role="listbox"
        tabindex=${this.tokens.length > 0 ? 0 : nothing}
        aria-label=${this.label}
        aria-busy=${this.running}
        @keydown=${this.#onKey}
        @click=${this.#onClick}
        @pointerover=${(event: PointerEvent) => this.#open.pointAt(event, tokenOf(event))}
        @pointerleave=${() => this.#open.follow(null)}
        @focusout=${this.#onFocusOut}
      >${this.#chunks(focused)}${this.running ? html`<span class="caret"></span>` : nothing}</div>
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

  #chunks(focused: number | null): unknown[] {
    const pieces: readonly Piece[] =
      this.text === null ? this.tokens.map(({ text }) => ({ text, cut: false })) : piecesOf(this.text, this.tokens);
    const starts = Array.from({ length: Math.ceil(this.tokens.length / CHUNK) }, (_, i) => i * CHUNK);
    return starts.map(from => {
      const chunk = this.tokens.slice(from, from + CHUNK);
      const here = focused !== null && focused >= from && focused < from + CHUNK ? focused : null;
      const shown = pieces.slice(from, from + CHUNK);
      // Texts and marks as they look: lists of them are made anew whenever anything on the page changes.
      const key = shown.map(({ text, cut }, i) => `${text}\0${cut}\0${this.marks.get(from + i) ?? ''}`).join('\n');
      return guard([chunk[0], key, this.heat, this.look.hiddenSteps, this.running, here], () =>
        chunk.map((token, i) => this.#token(token, shown[i], from + i)),
      );
    });
  }

  #token(token: GeneratedToken, piece: Piece | undefined, index: number): TemplateResult | typeof nothing {
    if (piece?.cut && this.running) return nothing; // it may still stop the text
    const surprisal = -Math.log2(token.probability);
    const focused = index === this.focused;
    const text = piece?.text ?? token.text;
    // A word's own space stays blank, so that words stand apart and no colour hangs over the end of a line.
    const space = /^ (?! |$)/.test(text) ? ' ' : '';
    return html`${index > 0 ? space : ''}<span
      class="token ${this.#heatClass(heatStep(surprisal))} ${focused ? 'focused' : ''} ${piece?.cut ? 'cut' : ''} ${this.marks.get(index) ?? ''}"
      role="option"
      aria-selected=${focused}
      aria-label="${visibleText(token.text)}, ${bits(surprisal)} bits, rank ${count(token.rank)}${piece?.cut ? ', not part of the text' : ''}"
      data-token=${index}
    >${tokenText(text.slice(space.length))}</span>`;
  }

  #heatClass(step: number): string {
    if (!this.heat) return '';
    return this.look.hiddenSteps.includes(step) ? 'step-hidden' : `heat-${step}`;
  }

  #card(): TemplateResult | typeof nothing {
    const index = this.#open.token;
    const token = index === null ? undefined : this.tokens[index];
    if (index === null || !token) return nothing;
    const choose = this.onChoose;
    const onChoose =
      choose &&
      ((alternative: Alternative): void => {
        this.#open.close();
        this.querySelector<HTMLElement>('.generated-text')?.focus();
        choose(index, alternative);
      });
    return generatedCard(token, { index, drawn: this.drawn, onChoose });
  }

  #tokenElement(token: number): HTMLElement | null {
    return this.querySelector(`[data-token="${token}"]`);
  }

  #focus(token: number): void {
    this.focused = token;
    this.#open.follow(token);
    void this.updateComplete.then(() => this.#tokenElement(token)?.scrollIntoView({ block: 'nearest' }));
  }

  readonly #onClick = (event: MouseEvent): void => {
    const token = tokenOf(event);
    if (token !== null && getSelection()?.isCollapsed !== false) this.#focus(token);
  };

  /** Escape closes the card; where none is open it is for the page. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (this.#open.token === null) return;
      this.#open.close();
      event.stopPropagation();
    } else {
      const token =
        event.key === 'Enter' ? this.focused : tokenAfterKey(event.key, this, this.focused, this.tokens.length);
      if (token === null) return;
      this.#focus(token);
    }
    event.preventDefault();
  };

  readonly #onCardKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#open.close();
    this.querySelector<HTMLElement>('.generated-text')?.focus();
  };

  readonly #onFocusOut = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && this.contains(event.relatedTarget)) return;
    this.focused = null;
    this.#open.close();
  };
}

function tokenOf(event: Event): number | null {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-token]') : null;
  return element ? Number(element.dataset['token']) : null;
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-generated-text': GeneratedText;
  }
}
