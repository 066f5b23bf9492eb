import { keep, pick, score, takeBack } from './actions.ts';
import type { PageContext } from './context.ts';

/** Numbers pick or score, arrows move, letters skip and undo; nothing where somebody types. */
export function onKey(event: KeyboardEvent, context: PageContext): void {
  const { judging, send, snapshot } = context;
  const isControl = event.target instanceof Element && event.target.closest('input, select, textarea, vscode-dropdown');
  if (isControl || event.altKey || !carriedOut(event, context)) {
    if (event.key !== 'Escape' || snapshot.stage.kind === 'settings') return;
    send({ type: 'pause' });
  }
  event.preventDefault();
  if (judging) event.stopPropagation();
}

function carriedOut(event: KeyboardEvent, context: PageContext): boolean {
  const { judging, send, change, snapshot } = context;
  const { key } = event;
  if (event.ctrlKey || event.metaKey) {
    if (key !== 'z') return false;
    takeBack(context);
    return true;
  }
  if (key === 'u' || key === 'Backspace') {
    takeBack(context);
    return true;
  }
  if (!judging) return false;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (step !== undefined) {
    const count = judging.marks.length;
    change({ at: (judging.at + step + count) % count });
    return true;
  }
  const ranks = snapshot.settings.judgement === 'rank';
  if (/^[1-9]$/.test(key)) {
    if (ranks) pick(context, Number(key) - 1);
    else score(context, judging.at, Number(key));
    return true;
  }
  // A button that has the focus answers to Enter and the space bar itself.
  const isButton = event.target instanceof Element && event.target.closest('button, vscode-button') !== null;
  if ((key === 'Enter' || key === ' ') && !isButton) {
    if (ranks) pick(context, judging.at);
    else if (key === 'Enter') keep(context);
    return true;
  }
  if (key === 's') send({ type: 'skip' });
  return key === 's';
}
