import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { placeCard } from './cardPlace.ts';
import { pointerMoved } from './pointer.ts';

const SHOW_AFTER_MS = 120;
const HIDE_AFTER_MS = 250;

/** Which token's card is open. It opens and closes after a moment, so that a passing mouse leaves it alone. */
export class OpenCard implements ReactiveController {
  token: number | null = null;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #elementOf: (token: number) => HTMLElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The host draws the card as `.card`, a popover. */
  constructor(host: ReactiveControllerHost & HTMLElement, elementOf: (token: number) => HTMLElement | null) {
    this.#host = host;
    this.#elementOf = elementOf;
    host.addController(this);
  }

  /** The mouse or the keyboard went to this token, or to none. */
  readonly follow = (token: number | null): void => {
    clearTimeout(this.#timer);
    const afterMs = token === null ? HIDE_AFTER_MS : this.token === null ? SHOW_AFTER_MS : 0;
    this.#timer = setTimeout(() => this.show(token), afterMs);
  };

  /** The mouse is over this token, or over none; a text that flows under a resting mouse opens nothing. */
  readonly pointAt = (event: PointerEvent, token: number | null): void => {
    if (pointerMoved(event)) this.follow(token);
  };

  /** The mouse is on the card itself. */
  readonly keep = (): void => clearTimeout(this.#timer);

  readonly close = (): void => this.show(null);

  show(token: number | null): void {
    clearTimeout(this.#timer);
    if (token === this.token) return;
    this.token = token;
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    const card = this.#host.querySelector<HTMLElement>('.card');
    if (card) placeCard(card, this.token === null ? null : this.#elementOf(this.token));
  }

  hostConnected(): void {
    addEventListener('keydown', this.#closeOutside, true);
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#closeOutside, true);
    clearTimeout(this.#timer);
  }

  /** Who writes elsewhere does not want a card in the way. */
  readonly #closeOutside = ({ target }: Event): void => {
    if (!this.#host.contains(target as Node)) this.close();
  };
}
