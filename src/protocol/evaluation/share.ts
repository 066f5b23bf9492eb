import type { Estimate } from './folder.ts';

/** Standard deviations on either side of the mean that hold 95 % of a normal distribution. */
const Z = 1.959963984540054;

/**
 * A share with its Wilson score interval (Wilson 1927, JASA 22), which holds its 95 % for small counts and for shares near
 * 0 and 1, where the normal approximation does not. `successes` may have halves, as ties count. At least one trial.
 */
export function share(successes: number, trials: number): Estimate {
  const value = successes / trials;
  const shrink = 1 + Z ** 2 / trials;
  const center = (value + Z ** 2 / (2 * trials)) / shrink;
  const half = (Z / shrink) * Math.sqrt((value * (1 - value)) / trials + Z ** 2 / (4 * trials ** 2));
  return { value, low: Math.max(0, center - half), high: Math.min(1, center + half), count: trials };
}
