import type { PpoSpec } from '../../protocol/run/spec.ts';

/** How fast the coefficient follows, and the largest error that it heeds. */
const GAIN = 0.1;
const LARGEST_ERROR = 0.2;

/**
 * The coefficient after a step whose responses were this far from the reference. With a target it is raised above it and
 * lowered below (Ziegler et al. 2019, section 2.2).
 */
export function nextCoefficient(coefficient: number, kl: number, targetKl: PpoSpec['targetKl']): number {
  if (targetKl === null) return coefficient;
  const error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, kl / targetKl - 1));
  return coefficient * (1 + GAIN * error);
}
