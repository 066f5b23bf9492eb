/** From the end, within which a reader counts as being there, in pixels. */
const NEAR = 40;

/** Runs what may make the turns longer; who read their end goes on reading it. */
export function keepEndInSight(draw: () => void): void {
  const before = document.querySelector('.turns');
  const atEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < NEAR;
  draw();
  if (atEnd) scrollToEnd();
}

/** Elements draw themselves a moment later than the page. */
function scrollToEnd(): void {
  queueMicrotask(() => {
    const turns = document.querySelector('.turns');
    if (turns) turns.scrollTop = turns.scrollHeight;
  });
}
