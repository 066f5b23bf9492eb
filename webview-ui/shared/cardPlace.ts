import { computePosition, flip, inline, offset, shift } from '@floating-ui/dom';

/** Opens the card under its token, or above where there is no room; without a token it closes. */
export function placeCard(card: HTMLElement, token: HTMLElement | null): void {
  if (!token) {
    card.hidePopover();
    return;
  }
  card.showPopover();
  const middleware = [inline(), offset(3), flip({ padding: 4 }), shift({ padding: 4 })];
  void computePosition(token, card, { strategy: 'fixed', placement: 'bottom-start', middleware }).then(({ x, y }) => {
    card.style.left = `${x}px`;
    card.style.top = `${y}px`;
  });
}
