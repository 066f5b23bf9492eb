import type { DropoutKey } from '../learner.ts';

/** A decision takes 16 bits, so that a word makes two. */
const LEVELS = 0x10000;

/**
 * Which of `count` values stay (1) at a place of the graph: a function of the key, the place and each value's number,
 * and of nothing else, so that a run that resumes drops what it would have dropped.
 */
export function keptMask(key: DropoutKey, site: number, count: number, rate: number): Uint8Array {
  const kept = new Uint8Array(count);
  const dropped = Math.round(rate * LEVELS);
  const start = [key.step, key.microBatch, site].reduce(
    (state, part) => scrambled(state ^ scrambled(part)),
    key.seed | 0,
  );
  for (let i = 0; i < count; i += 2) {
    const word = scrambled((start + Math.imul(i, GOLDEN)) | 0);
    kept[i] = (word & 0xffff) >= dropped ? 1 : 0;
    if (i + 1 < count) kept[i + 1] = word >>> 16 >= dropped ? 1 : 0;
  }
  return kept;
}

/** 2^32 divided by the golden ratio: consecutive numbers come to lie far apart (as in SplitMix, Steele et al. 2014). */
const GOLDEN = 0x9e3779b9 | 0;

/** A bijection of 32 bits in which each bit of the result depends on all bits given (`lowbias32`, C. Wellons 2018). */
function scrambled(value: number): number {
  let bits = value + GOLDEN;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return bits ^ (bits >>> 16);
}
