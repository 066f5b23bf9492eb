import type { Bits } from '../../onnx/graph.ts';

// Letters in shapes: N rows of a matrix as it is multiplied (its outputs), K columns (its inputs), S the size of a block.

/**
 * How many weights may share a scale, the most first. With more of them the CPU's kernels are faster (of one row and 8 bits
 * half as fast again with 128 as with 32), and what 8 bits round away is little in any case; of 4 bits it is much.
 */
const SIZES: Readonly<Record<Bits, readonly number[]>> = { 8: [128, 64, 32], 4: [64, 32] };

/** A matrix in blocks: `packed` [N, K / S, S bits / 8] holds each number plus half of the range, `scales` is [N, K / S]. */
export interface Quantized {
  readonly packed: Uint8Array;
  readonly scales: Float32Array;
}

/** The size of the blocks of a matrix with so many inputs; none fits where it is undefined. */
export const blockSize = (inputs: number, bits: Bits): number | undefined =>
  SIZES[bits].find(size => inputs % size === 0);

/**
 * Rounds each block to whole numbers times a scale, as MatMulNBits of ONNX Runtime reads them without zero points: of 4
 * bits from -8 to 7, two in a byte and the first in its lower half, of 8 bits from -128 to 127. The scale is first such
 * that the weight of the largest magnitude is the least number, which uses the whole range (llama.cpp's Q4_0); then, with
 * the numbers that came, the one of the least squared error.
 * @param values [N, K]
 */
export function quantizeRows(values: Float32Array, bits: Bits, size: number): Quantized {
  const blocks = values.length / size;
  const packed = new Uint8Array((values.length * bits) / 8);
  const scales = new Float32Array(blocks);
  const numbers = new Int16Array(size);
  for (let block = 0; block < blocks; block++) {
    const from = block * size;
    scales[block] = quantizeBlock(values, from, bits, numbers);
    pack(numbers, bits, packed, (from * bits) / 8);
  }
  return { packed, scales };
}

/** The numbers of a block, and its scale: not a number where a weight is none. */
function quantizeBlock(values: Float32Array, from: number, bits: Bits, numbers: Int16Array): number {
  const least = -(2 ** (bits - 1));
  let extreme = 0;
  for (let i = 0; i < numbers.length; i++) {
    const value = values[from + i] as number;
    if (Math.abs(value) > Math.abs(extreme)) extreme = value;
    else if (value !== value) return Number.NaN;
  }
  if (extreme === 0) {
    numbers.fill(0);
    return 0;
  }
  const perScale = least / extreme;
  let [products, squares] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const value = values[from + i] as number;
    const number = Math.min(-least - 1, Math.round(value * perScale));
    numbers[i] = number;
    products += value * number;
    squares += number * number;
  }
  return products / squares;
}

function pack(numbers: Int16Array, bits: Bits, packed: Uint8Array, at: number): void {
  if (bits === 8) {
    for (let i = 0; i < numbers.length; i++) packed[at + i] = (numbers[i] as number) + 128;
    return;
  }
  for (let i = 0; i < numbers.length; i += 2) {
    packed[at + i / 2] = ((numbers[i] as number) + 8) | (((numbers[i + 1] as number) + 8) << 4);
  }
}

/**
 * Columns of a matrix as rows: values [K, N] → [count, K] from column `from` on. Whole lines of the cache are read, which
 * is ten times as fast as column by column.
 */
export function columnsAsRows(
  values: Float32Array,
  [inputs, outputs]: readonly [number, number],
  from: number,
  count: number,
): Float32Array {
  const rows = new Float32Array(count * inputs);
  for (let left = 0; left < count; left += TILE) {
    const right = Math.min(count, left + TILE);
    for (let k = 0; k < inputs; k++) {
      const at = k * outputs + from;
      for (let n = left; n < right; n++) rows[n * inputs + k] = values[at + n] as number;
    }
  }
  return rows;
}

/** Floats in a line of the cache. */
const TILE = 16;
