import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KERNELS_FILE, kernelsModule } from '../../../.ci/kernels.ts';
import { advanceAdamw, squaresOf } from '../../../src/training/optimizer/kernels/kernels.ts';

/** Fewer than four numbers, a part of a piece, a whole one, and some more than several. */
const COUNTS = [1, 3, 4, 1001, 16_384, 40_001];

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * 1.7));

test('what runs is what is written', async () => {
  expect(readFileSync(KERNELS_FILE, 'utf8')).toBe(await kernelsModule());
});

test.each(COUNTS)('AdamW of %i numbers is that of each, computed in double precision', count => {
  const arrays = {
    values: numbers(count, 1),
    gradient: numbers(count, 2),
    averages: numbers(count, 3),
    squares: numbers(count, 4).map(Math.abs),
  };
  const before = structuredClone(arrays);
  const [gradientScale, beta1, beta2, kept, stepSize, rootScale, epsilon] = [0.3, 0.9, 0.999, 0.98, 0.01, 3, 1e-8];
  advanceAdamw(arrays, { gradientScale, beta1, beta2, kept, stepSize, rootScale, epsilon });
  for (let i = 0; i < count; i++) {
    const of = (array: Float32Array): number => array[i] as number;
    const g = gradientScale * of(before.gradient);
    const average = beta1 * of(before.averages) + (1 - beta1) * g;
    const square = beta2 * of(before.squares) + (1 - beta2) * g * g;
    const value = kept * of(before.values) - (stepSize * average) / (Math.sqrt(square) * rootScale + epsilon);
    expect(Math.abs(of(arrays.values) - value)).toBeLessThan(1e-6);
    expect(Math.abs(of(arrays.averages) - average)).toBeLessThan(1e-6);
    expect(Math.abs(of(arrays.squares) - square)).toBeLessThan(1e-6);
  }
  expect(arrays.gradient).toEqual(before.gradient);
});

test.each(COUNTS)('the squares of %i numbers are added up, and what others left is not', count => {
  squaresOf(numbers(50_000, 9));
  const expected = numbers(count, 5).reduce((sum, value) => sum + value * value, 0);
  expect(squaresOf(numbers(count, 5)) / expected).toBeCloseTo(1, 12);
});

test('a number that is none shows', () => {
  expect(squaresOf(Float32Array.of(1, Number.NaN))).toBeNaN();
  expect(squaresOf(Float32Array.of(1, Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
});
