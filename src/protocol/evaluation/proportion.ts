import type { Estimate } from './folder.ts';

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/** A share with Wilson's score interval around it (Wilson 1927), which holds for few trials too. `count` is above 0. */
export function proportion(successes: number, count: number): Estimate {
  const value = successes / count;
  const z2 = Z * Z;
  const middle = (value + z2 / (2 * count)) / (1 + z2 / count);
  const half = (Z / (1 + z2 / count)) * Math.sqrt((value * (1 - value)) / count + z2 / (4 * count * count));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half), count };
}
