import { describe, expect, test } from 'vitest';
import { blockSize, columnsAsRows, quantizeRows } from '../../../../src/gpt2/precision/blocks.ts';

const SIZE = 32;
const block = (numbers: readonly number[]): Float32Array =>
  Float32Array.from({ length: SIZE }, (_, i) => numbers[i] ?? 0);

describe('a block', () => {
  test.each([
    [4, [0 | (15 << 4), 9 | (6 << 4)]],
    [8, [0, 255, 129, 126]],
  ] as const)(
    'of %s bits whose weights are whole numbers of one step has these numbers and the step',
    (bits, bytes) => {
      const least = -(2 ** (bits - 1));
      const { packed, scales } = quantizeRows(block([0.5 * least, 0.5 * (-least - 1), 0.5, -1]), bits, SIZE);
      expect([...scales]).toEqual([0.5]);
      expect([...packed.subarray(0, bytes.length)]).toEqual(bytes);
    },
  );

  test('has its first number in the lower half of a byte', () => {
    const { packed, scales } = quantizeRows(block([-8, 7, 1]), 4, SIZE);
    expect(packed.slice(0, 2)).toEqual(Uint8Array.of(15 << 4, 9 | (8 << 4)));
    expect([...scales]).toEqual([1]);
  });

  test('of nothing but zeros has the scale 0', () => {
    const { packed, scales } = quantizeRows(block([]), 8, SIZE);
    expect([...scales]).toEqual([0]);
    expect(new Set(packed)).toEqual(new Set([128]));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('with %s in it has no finite scale', value => {
    expect(Number.isFinite(quantizeRows(block([1, value, 2]), 4, SIZE).scales[0])).toBe(false);
  });
});

test('columns become rows, from any one on', () => {
  const values = Float32Array.from({ length: 40 }, (_, i) => i); // [2, 20]
  expect([...columnsAsRows(values, [2, 20], 17, 3)]).toEqual([17, 37, 18, 38, 19, 39]);
});

test.each([
  [768, 8, 128],
  [1600, 8, 64],
  [768, 4, 64],
  [96, 4, 32],
  [100, 8, undefined],
] as const)('a matrix of %s inputs of %s bits is kept in blocks of %s', (inputs, bits, size) => {
  expect(blockSize(inputs, bits)).toBe(size);
});
