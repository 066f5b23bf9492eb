/** From the end, within which a reader counts as being there, in pixels. */
const NEAR = 40;

const SCROLLERS = ['.turns', '.rendered'];

/** Runs what may make the turns and what the model gets longer; who read their end goes on reading it. */
export function keepEndsInSight(draw: () => void): void {
  const followed = SCROLLERS.filter(isAtEnd);
  draw();
  // Elements draw themselves a moment later than the page.
  queueMicrotask(() => followed.forEach(scrollToEnd));
}

function isAtEnd(selector: string): boolean {
  const element = document.querySelector(selector);
  return !element || element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
}

function scrollToEnd(selector: string): void {
  const element = document.querySelector(selector);
  if (element) element.scrollTop = element.scrollHeight;
}
