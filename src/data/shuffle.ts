import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The numbers from 0 to `count` - 1 in an order that the seed and the purpose decide (Fisher and Yates). The generator
 * starts from a hash of both, so that what is drawn for one purpose says nothing about another.
 */
export function shuffled(count: number, seed: number, purpose: string): Uint32Array {
  const hash = createHash('sha256').update(`${purpose}/${seed}`).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map(at => hash.readInt32LE(at)));
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = uniformInt(generator, 0, last);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}
