import { isCompared } from '../../../src/protocol/evaluation/rows.ts';
import type { PageContext } from '../context.ts';
import { sidesOf, voteOn } from './votes.ts';

/** The next place of the list from one on whose row has no vote yet, as far as rows have come. */
export function nextOpen({ rows, snapshot, ui }: PageContext, from: number): number {
  for (let at = from; ; at++) {
    const found = rows.row(at)?.row.found;
    if (!found) return at;
    if (!isCompared(found)) continue;
    const [a, b] = sidesOf(found, ui.pair);
    if (a && b && !voteOn(snapshot.votes, found.row, [a.model, b.model])) return at;
  }
}

/** Begins, or goes on, with the rows without a vote; keys are meant for it from then on. */
export function startVoting(context: PageContext): void {
  context.pass({ votingAt: nextOpen(context, 0) });
  context.change({ voting: true });
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>('.voting')?.focus()));
}
