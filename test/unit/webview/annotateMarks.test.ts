import { expect, it, test } from 'vitest';
import {
  isComplete,
  nextOpen,
  noMarks,
  ranked,
  scored,
  verdictOf,
  withoutLast,
} from '../../../webview-ui/annotate/marks.ts';

test.each<[string, number, readonly number[], readonly (number | null)[]]>([
  ['of two, the first pick is all', 2, [1], [2, 1]],
  ['of four, one by one', 4, [2, 0], [2, null, 1, null]],
  ['the last one is the worst', 4, [2, 0, 3], [2, 4, 1, 3]],
  ['picked again, it loses its rank, and those after it move up', 4, [2, 0, 2], [1, null, null, null]],
])('ranks %s', (_, responses, picks, expected) => {
  expect(picks.reduce(ranked, noMarks(responses))).toEqual(expected);
});

it('the worst of the ranks is taken back', () => {
  expect(withoutLast([2, null, 1, null])).toEqual([null, null, 1, null]);
});

it('scores are complete when each response has one, and the next open one is looked at', () => {
  const marks = scored(scored(noMarks(3), 1, 4), 2, 4);
  expect([isComplete(marks), nextOpen(marks, 2), nextOpen(marks, 1)]).toEqual([false, 0, 0]);
  expect(isComplete(scored(marks, 0, 1))).toBe(true);
});

it('marks as verdicts', () => {
  expect(verdictOf([2, 3, 1], 'rank')).toEqual({ ranking: [2, 0, 1] });
  expect(verdictOf([2, 5, 2], 'score')).toEqual({ scores: [2, 5, 2] });
});
