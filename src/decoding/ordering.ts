/** The ids of the `count` largest scores, largest first, equal ones by rising id; none of -Infinity. */
export function largest(scores: Float32Array, count: number): number[] {
  const ids: number[] = [];
  let smallest = Number.NEGATIVE_INFINITY; // of those found, once there are enough
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id] as number;
    if (!(score > smallest)) continue;
    let at = ids.length;
    while (at > 0 && (scores[ids[at - 1] as number] as number) < score) at--;
    ids.splice(at, 0, id);
    if (ids.length > count) ids.pop();
    if (ids.length === count) smallest = scores[ids[count - 1] as number] as number;
  }
  return ids;
}

const DIGITS = [
  { shift: 21, size: 2048 },
  { shift: 10, size: 2048 },
  { shift: 0, size: 1024 },
];

/**
 * The largest key of which it holds that all ids whose keys are at least as large weigh `goal` together; the smallest
 * of all where they never do. `goal` is above 0. A radix selection: no sorting, and three passes over a vocabulary.
 */
export function weightedThreshold(keys: Float32Array, weights: Float64Array, goal: number): number {
  const sortable = sortableBits(keys);
  let [prefix, above] = [0, 0];
  for (const { shift, size } of DIGITS) {
    const known = Math.log2(size) + shift; // bits below those that are decided
    const sums = new Float64Array(size);
    let smallest = size;
    for (let id = 0; id < keys.length; id++) {
      const bits = sortable[id] as number;
      if (known < 32 && bits >>> known !== prefix) continue;
      const digit = (bits >>> shift) & (size - 1);
      sums[digit] = (sums[digit] as number) + (weights[id] as number);
      if (digit < smallest) smallest = digit;
    }
    let digit = size - 1;
    while (digit > smallest && above + (sums[digit] as number) < goal) above += sums[digit--] as number;
    prefix = ((prefix * size) | digit) >>> 0;
  }
  return fromSortableBits(prefix);
}

const SIGN = 0x80000000;

/** Whole numbers that stand in the order of the keys: the bits of IEEE 754, negative ones turned round. */
function sortableBits(keys: Float32Array): Uint32Array {
  const bits = new Uint32Array(keys.slice().buffer);
  for (let id = 0; id < bits.length; id++) {
    const own = bits[id] as number;
    bits[id] = own & SIGN ? ~own : own | SIGN;
  }
  return bits;
}

function fromSortableBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits & SIGN ? bits ^ SIGN : ~bits).buffer)[0] as number;
}
