import type { PageContext } from './context.ts';
import { isComplete, isEmpty, nextOpen, ranked, scored, verdictOf, withoutLast } from './marks.ts';

// What keys and buttons do to the item that is judged.

/** The next best one. The last pick is a judgement. */
export function pick(context: PageContext, at: number): void {
  const { judging, change } = context;
  if (!judging || at >= judging.marks.length) return;
  const marks = ranked(judging.marks, at);
  change({ marks, at: nextOpen(marks, at) });
  if (isComplete(marks)) keep({ ...context, judging: { ...judging, marks } });
}

/** A score for a response; the next one without is looked at then. */
export function score(context: PageContext, at: number, value: number): void {
  const { judging, change, snapshot } = context;
  if (!judging || value < 1 || value > snapshot.settings.highest) return;
  const marks = scored(judging.marks, at, value);
  change({ marks, at: nextOpen(marks, at) });
}

/** Tells the judgement, where it is complete. */
export function keep({ judging, snapshot, send }: PageContext): void {
  if (!judging || !isComplete(judging.marks)) return;
  send({ type: 'judge', item: judging.item.id, verdict: verdictOf(judging.marks, snapshot.settings.judgement) });
}

/** Takes back a mark of the item that is shown, else what was done before. */
export function takeBack({ judging, change, send, snapshot }: PageContext): void {
  if (!judging || isEmpty(judging.marks)) return void (snapshot.canUndo && send({ type: 'undo' }));
  const marks = snapshot.settings.judgement === 'rank' ? withoutLast(judging.marks) : lastScoreTaken(judging);
  change({ marks });
}

function lastScoreTaken({ marks, at }: NonNullable<PageContext['judging']>): typeof marks {
  const last = marks[at] === null ? marks.findLastIndex((mark, index) => mark !== null && index < at) : at;
  return scored(marks, last === -1 ? marks.findLastIndex(mark => mark !== null) : last, null);
}
