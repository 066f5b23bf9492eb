import { describe, expect, it } from 'vitest';
import { draw, type Uniform, uniformStream } from '../../../src/decoding/sampler.ts';

/** Pearson's statistic, of counts against what is expected of each. */
const chiSquare = (counts: readonly number[], expected: readonly number[]): number =>
  counts.reduce((sum, count, bin) => sum + (count - (expected[bin] as number)) ** 2 / (expected[bin] as number), 0);

function counted(draws: number, bins: number, next: () => number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < draws; i++) {
    const bin = next();
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

const DRAWS = 100_000;

describe('draws follow their distribution', () => {
  const scores = Float32Array.from({ length: 20 }, (_, id) => 2 * Math.sin(id));
  scores[7] = Number.NEGATIVE_INFINITY;

  it('within what chance allows: chi-square of 18 degrees of freedom, 1 in 1,000', () => {
    const uniform = uniformStream(3, 0);
    const counts = counted(DRAWS, 20, () => draw(scores, uniform));
    const weights = [...scores].map(Math.exp);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const expected = weights.map(weight => (weight / total) * DRAWS);
    expect(counts[7]).toBe(0);
    const possible = [...expected.keys()].filter(id => id !== 7);
    const statistic = chiSquare(
      possible.map(id => counts[id] as number),
      possible.map(id => expected[id] as number),
    );
    expect(statistic).toBeLessThan(42.31);
    expect(statistic).toBeGreaterThan(4.9); // nor more even than chance would be
  });

  it.each([
    [0, 0],
    [0.2499, 0],
    [0.25, 1],
    [0.7499, 1],
    [0.7501, 3],
    [1 - 2 ** -53, 3],
  ])('%d falls on %d', (point, id) => {
    const quarters = Float32Array.from([1, 2, 0, 1], probability => Math.log(probability));
    const at: Uniform = () => point;
    expect(draw(quarters, at)).toBe(id);
  });
});

// What neighbours share would show as the same first token for many seeds.
describe.each([
  ['seeds', (index: number) => uniformStream(index, 0)],
  ['samples of a seed', (index: number) => uniformStream(42, index)],
])('the first numbers of neighbouring %s', (_, streamOf) => {
  const first = Array.from({ length: 20_000 }, (_, index) => streamOf(index)());

  it('are uniform: chi-square of 99 degrees of freedom, 1 in 1,000', () => {
    let index = 0;
    const counts = counted(first.length, 100, () => Math.floor(100 * (first[index++] as number)));
    const statistic = chiSquare(counts, new Array<number>(100).fill(first.length / 100));
    expect(statistic).toBeLessThan(148.2);
    expect(statistic).toBeGreaterThan(59.0);
  });

  it('do not depend on each other: a correlation within 4 standard deviations', () => {
    const pairs = first.slice(1).map((next, index) => (next - 0.5) * ((first[index] as number) - 0.5));
    const correlation = (12 * pairs.reduce((sum, product) => sum + product, 0)) / pairs.length;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(pairs.length));
  });
});
