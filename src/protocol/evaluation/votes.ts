import type { VoteLine } from './folder.ts';

/** The votes that count: of several on a row and the same models the last. */
export function lastVotes(votes: Iterable<VoteLine>): VoteLine[] {
  const last = new Map<string, VoteLine>();
  for (const vote of votes) last.set(JSON.stringify([vote.row, [...vote.between].sort()]), vote);
  return [...last.values()];
}
