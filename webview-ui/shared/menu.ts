import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { placeCard } from './cardPlace.ts';
import { LightElement } from './lightElement.ts';

export interface MenuItem {
  readonly label: string;
  /** Beside the label, quieter. */
  readonly hint?: string;
  readonly icon?: string;
  readonly disabled?: boolean;
  /** A heading or line goes before it. */
  readonly section?: string;
  readonly run: () => void;
  /** A second thing that can be done with it, as a button at its end. */
  readonly also?: { readonly icon: string; readonly label: string; readonly run: () => void };
}

/** A button that opens a menu: arrows move in it, Escape or a click elsewhere closes it. */
@customElement('lm-menu')
export class Menu extends LightElement {
  @property({ attribute: false }) icon = 'ellipsis';
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) label = 'More';
  @property({ attribute: false }) disabled = false;
  @property({ attribute: false }) items: readonly MenuItem[] = [];

  protected override render(): TemplateResult {
    return html`
      <button
        class="icon"
        aria-haspopup="menu"
        aria-label=${this.label}
        title=${this.label}
        ?disabled=${this.disabled}
        @click=${this.#toggle}
        @keydown=${this.#onButtonKey}
      ><span class="codicon codicon-${this.icon}" aria-hidden="true"></span>${this.text}</button>
      <div class="menu" popover="auto" role="menu" aria-label=${this.label} @keydown=${this.#onKey}>
        ${this.items.map(item => this.#item(item))}
      </div>
    `;
  }

  #item(item: MenuItem): TemplateResult {
    const run = (action: () => void) => (): void => {
      this.#popover?.hidePopover();
      this.querySelector('button')?.focus();
      action();
    };
    const { also } = item;
    return html`
      ${item.section === undefined ? nothing : html`<div class="menu-section" role="separator">${item.section}</div>`}
      <div class="menu-row" role="none">
        <button class="menu-item" role="menuitem" tabindex="-1" ?disabled=${item.disabled ?? false} @click=${run(item.run)}>
          <span class="codicon codicon-${item.icon ?? 'blank'}" aria-hidden="true"></span>
          <span class="menu-label">${item.label}</span>
          ${item.hint ? html`<span class="menu-hint">${item.hint}</span>` : nothing}
        </button>
        ${
          also
            ? html`<button class="icon" role="menuitem" tabindex="-1" aria-label=${also.label} title=${also.label} @click=${run(also.run)}>
                <span class="codicon codicon-${also.icon}" aria-hidden="true"></span>
              </button>`
            : nothing
        }
      </div>
    `;
  }

  get #popover(): HTMLElement | null {
    return this.querySelector('.menu');
  }

  readonly #toggle = (): void => {
    const popover = this.#popover;
    if (!popover) return;
    if (popover.matches(':popover-open')) return popover.hidePopover();
    placeCard(popover, this.querySelector('button'));
    popover.querySelector<HTMLElement>('.menu-item:enabled')?.focus();
  };

  readonly #onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.#toggle();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      this.#popover?.hidePopover();
      this.querySelector('button')?.focus();
    } else {
      const items = [...this.querySelectorAll<HTMLElement>('.menu [role="menuitem"]:enabled')];
      const at = items.indexOf(document.activeElement as HTMLElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      items.at(to % items.length)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-menu': Menu;
  }
}
