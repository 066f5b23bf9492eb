import { incompleteBeta } from './distributions.ts';

/**
 * The exact two-sided p-value of the sign test: how likely it is that of so many rows on which two do not do equally well
 * one does better as unevenly as this or more, were both equally good. On rows that are right or wrong it is McNemar's
 * exact test, of the rows that one has right and the other wrong. 1 where there are none.
 */
export function signTest(firstBetter: number, secondBetter: number): number {
  const [fewer, all] = [Math.min(firstBetter, secondBetter), firstBetter + secondBetter];
  if (fewer * 2 >= all) return 1;
  // P(X <= k) of a binomial distribution with n trials and a half is I(1/2; n - k, k + 1).
  return Math.min(1, 2 * incompleteBeta(0.5, all - fewer, fewer + 1));
}
