import { describe, expect, test } from 'vitest';
import {
  BLOCK_SIZE,
  columnsAsRows,
  dequantizeRows,
  fitsBlocks,
  quantizeRows,
} from '../../../../src/gpt2/precision/blocks.ts';

const block = (numbers: readonly number[]): Float32Array =>
  Float32Array.from({ length: BLOCK_SIZE }, (_, i) => numbers[i] ?? 0);

describe('a block', () => {
  test.each([4, 8] as const)('of %s bits whose weights are whole numbers of one step comes back as it was', bits => {
    const least = -(2 ** (bits - 1));
    const values = block([0.5 * least, 0.5 * (-least - 1), 0.5, -1]);
    expect([...dequantizeRows(quantizeRows(values, bits), bits)]).toEqual([...values]);
  });

  test('has its first number in the lower half of a byte', () => {
    const { packed, scales } = quantizeRows(block([-8, 7, 1]), 4);
    expect(packed.slice(0, 2)).toEqual(Uint8Array.of(15 << 4, 9 | (8 << 4)));
    expect([...scales]).toEqual([1]);
  });

  test('of nothing but zeros has the scale 0', () => {
    const { packed, scales } = quantizeRows(block([]), 8);
    expect([...scales]).toEqual([0]);
    expect(new Set(packed)).toEqual(new Set([128]));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('with %s in it has no finite scale', value => {
    expect(Number.isFinite(quantizeRows(block([1, value, 2]), 4).scales[0])).toBe(false);
  });
});

test('columns become rows, from any one on', () => {
  const values = Float32Array.from({ length: 40 }, (_, i) => i); // [2, 20]
  expect([...columnsAsRows(values, [2, 20], 17, 3)]).toEqual([17, 37, 18, 38, 19, 39]);
});

test.each([
  [64, true],
  [1600, true],
  [100, false],
])('a matrix of %s inputs is kept in blocks: %s', (inputs, fits) => {
  expect(fitsBlocks(inputs)).toBe(fits);
});
