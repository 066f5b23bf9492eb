/** Scrolls no more than it takes to have the element in sight, and nothing outside the scroller. */
export function bringIntoSight(scroller: HTMLElement, element: HTMLElement): void {
  const view = scroller.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  if (top < view.top) scroller.scrollTop -= view.top - top;
  else if (bottom > view.bottom) scroller.scrollTop += bottom - view.bottom;
}
