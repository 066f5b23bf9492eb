import { createHash } from 'node:crypto';

/** A number from 0 to 2^32 - 1 that the same seed draws again for the same thing. */
export const drawn = (seed: number, ...thing: readonly (string | number)[]): number =>
  createHash('sha256')
    .update(JSON.stringify([seed, ...thing]))
    .digest()
    .readUInt32LE();

/** The numbers from 0 on, in an order that a seed draws. */
export function drawnOrder(count: number, seed: number, ...thing: readonly (string | number)[]): number[] {
  const keys = Array.from({ length: count }, (_, index) => drawn(seed, ...thing, index));
  return [...keys.keys()].sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
}
