import type { ComparedRow, VoteLine } from '../../../src/protocol/evaluation/folder.ts';

/** What was voted on two models' responses to a row. */
export const voteOn = (
  votes: readonly VoteLine[],
  row: number,
  [first, second]: readonly [string, string],
): VoteLine | undefined =>
  votes.findLast(vote => vote.row === row && vote.between.includes(first) && vote.between.includes(second));

/**
 * Whether the second model's response stands first for this row: by a mixture of its number (Wang's 32-bit hash), so that
 * it does after a reload as well, and nobody learns whose side is whose.
 */
export function isSwapped(row: number): boolean {
  let hash = row ^ 61 ^ (row >>> 16);
  hash = Math.imul(hash, 9);
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 0x27d4eb2d);
  hash ^= hash >>> 15;
  return (hash & 1) === 1;
}

/** The two responses of a row as they are shown, without their models' names. */
export function sidesOf(
  { row, models }: ComparedRow,
  [first, second]: readonly [number, number],
): ReadonlyArray<{ readonly model: string; readonly response: string }> {
  const sides = [models[first], models[second]].map(side => ({
    model: side?.model ?? '',
    response: side?.response ?? '',
  }));
  return isSwapped(row) ? sides.reverse() : sides;
}
