import fc from 'fast-check';
import { expect, it } from 'vitest';
import { largest, weightedThreshold } from '../../../src/decoding/ordering.ts';

const scores = fc
  .array(
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ min: -200, max: 200, noNaN: true }), fc.constant(-Infinity)),
  )
  .map(values => Float32Array.from(values));

const sorted = (values: Float32Array): number[] =>
  [...values.keys()]
    .filter(id => values[id] !== -Infinity)
    .sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);

it('finds the largest, equal ones by rising id', () => {
  fc.assert(
    fc.property(scores, fc.nat(8), (values, count) => {
      expect(largest(values, count)).toEqual(sorted(values).slice(0, count));
    }),
    { seed: 1 },
  );
});

it('finds the key at which a weight is reached, from the largest down', () => {
  fc.assert(
    fc.property(scores, fc.float({ min: 2 ** -10, max: 1, noNaN: true }), (values, share) => {
      fc.pre(values.length > 0);
      const weights = Float64Array.from(values, (_, id) => 1 + (id % 3));
      const goal = share * weights.reduce((sum, weight) => sum + weight, 0);
      const falling = [...values].sort((a, b) => b - a);
      const weighs = (key: number): number =>
        weights.reduce((sum, weight, id) => ((values[id] as number) >= key ? sum + weight : sum), 0);
      const expected = falling.find(key => weighs(key) >= goal) ?? falling.at(-1);
      // -0 and 0 are one key, but different bits.
      expect(weightedThreshold(values, weights, goal) + 0).toBe((expected as number) + 0);
    }),
    { seed: 1, numRuns: 500 },
  );
});
