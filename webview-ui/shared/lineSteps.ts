/** The token under (or above) another one: of those on the nearest other line, the one that is nearest sideways. */
export function tokenOnNextLine(within: HTMLElement, from: HTMLElement | null, down: boolean): number | null {
  if (!from) return null;
  const start = from.getBoundingClientRect();
  const away = ({ top }: DOMRect): number => (down ? top - start.top : start.top - top);
  const middle = ({ left, right }: DOMRect): number => (left + right) / 2;
  const others = [...within.querySelectorAll<HTMLElement>('.token')]
    .map(element => ({ element, place: element.getBoundingClientRect() }))
    .filter(({ place }) => away(place) > start.height / 2);
  const nearestLine = Math.min(...others.map(({ place }) => away(place)));
  const [best] = others
    .filter(({ place }) => away(place) < nearestLine + start.height / 2)
    .sort((a, b) => Math.abs(middle(a.place) - middle(start)) - Math.abs(middle(b.place) - middle(start)));
  return best ? Number(best.element.dataset['token']) : null;
}
