import type { Verdict } from '../../src/protocol/annotations/judgement.ts';
import type { Marks } from '../../src/protocol/panels/annotate.ts';

export const noMarks = (responses: number): Marks => Array.from({ length: responses }, () => null);

/** With a response as the next best; one that had a rank loses it, and those after it move up. */
export function ranked(marks: Marks, at: number): Marks {
  const before = marks[at] ?? null;
  if (before !== null)
    return marks.map(rank => (rank === before ? null : rank !== null && rank > before ? rank - 1 : rank));
  const next = marks.filter(rank => rank !== null).length + 1;
  const now = marks.with(at, next);
  // Whichever is left at the end is the worst.
  return next === marks.length - 1 ? now.map(rank => rank ?? marks.length) : now;
}

export const scored = (marks: Marks, at: number, score: number | null): Marks => marks.with(at, score);

/** Without what was marked last: the worst of the ranks. */
export function withoutLast(marks: Marks): Marks {
  const last = Math.max(...marks.map(rank => rank ?? 0));
  return marks.map(rank => (rank === last ? null : rank));
}

export const isEmpty = (marks: Marks): boolean => marks.every(mark => mark === null);
export const isComplete = (marks: Marks): boolean => marks.every(mark => mark !== null);

/** The next response without a mark after this one, or the first; itself where all have one. */
export function nextOpen(marks: Marks, at: number): number {
  const after = marks.findIndex((mark, index) => mark === null && index > at);
  const first = marks.indexOf(null);
  return after !== -1 ? after : first !== -1 ? first : at;
}

/** What complete marks say. */
export function verdictOf(marks: Marks, judgement: 'rank' | 'score'): Verdict {
  const given = marks.map(mark => mark ?? 0);
  if (judgement === 'score') return { scores: given };
  return { ranking: [...given.keys()].sort((a, b) => (given[a] as number) - (given[b] as number)) };
}
