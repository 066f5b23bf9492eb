import type { TokenRow } from './rows.ts';

export interface RankGroup {
  readonly name: string;
  /** What the group means, in a sentence. */
  readonly meaning: string;
  readonly tokens: number;
  /** Of the scored tokens. */
  readonly share: number;
}

const GROUPS = [
  { upTo: 1, name: 'top 1', meaning: 'Tokens that were the model’s first choice' },
  { upTo: 10, name: '2–10', meaning: 'Tokens among its ten likeliest, but not the first' },
  { upTo: 100, name: '11–100', meaning: 'Tokens that ranked from 11th to 100th' },
  { upTo: 1000, name: '101–1,000', meaning: 'Tokens that ranked from 101st to 1,000th' },
  { upTo: Number.POSITIVE_INFINITY, name: 'beyond', meaning: 'Tokens that ranked beyond 1,000th' },
] as const;

/** How the scored tokens spread over the ranks that the model gave them. */
export function rankHistogram(rows: readonly TokenRow[]): RankGroup[] {
  const ranks = rows.flatMap(({ token }) => (token.rank === null ? [] : [token.rank]));
  let below = 0;
  return GROUPS.map(({ upTo, name, meaning }) => {
    const upToHere = ranks.filter(rank => rank <= upTo).length;
    const tokens = upToHere - below;
    below = upToHere;
    return { name, meaning, tokens, share: ranks.length === 0 ? 0 : tokens / ranks.length };
  });
}
