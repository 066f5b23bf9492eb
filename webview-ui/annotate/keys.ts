import { keep, pick, score, takeBack } from './actions.ts';
import type { Judging, PageContext } from './context.ts';
import { isComplete } from './marks.ts';

/** Numbers pick or score, arrows move, letters skip and undo; nothing where somebody types. */
export function onKey(event: KeyboardEvent, context: PageContext): void {
  const typed = event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
  if (event.altKey || (typed && event.key !== 'Escape')) return;
  const run = actionOf(event, context);
  if (!run) return;
  run();
  event.preventDefault();
}

function actionOf(event: KeyboardEvent, context: PageContext): (() => void) | undefined {
  const { judging, send, snapshot } = context;
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return key === 'z' ? () => takeBack(context) : undefined;
  if (key === 'Escape') return snapshot.stage.kind === 'settings' ? undefined : () => send({ type: 'pause' });
  if (key === 'u' || key === 'Backspace') return () => takeBack(context);
  return judging ? actionOnItem(event, judging, context) : undefined;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function actionOnItem(
  { key, target }: KeyboardEvent,
  { marks, at }: Judging,
  context: PageContext,
): (() => void) | undefined {
  const { send, change, snapshot } = context;
  const ranks = snapshot.settings.judgement === 'rank';
  const step = STEPS[key];
  if (step !== undefined) return () => change({ at: (at + step + marks.length) % marks.length });
  if (key === 's') return () => send({ type: 'skip' });
  if (/^[1-9]$/.test(key)) return () => (ranks ? pick(context, Number(key) - 1) : score(context, at, Number(key)));
  // A button that has the focus answers to Enter and the space bar itself.
  const isButton = target instanceof Element && target.closest('button, vscode-button') !== null;
  if (isButton || (key !== 'Enter' && key !== ' ')) return undefined;
  if (isComplete(marks)) return () => keep(context);
  return ranks ? () => pick(context, at) : undefined;
}
