import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromLargest, largest } from '../../../src/decoding/ordering.ts';

const scores = fc
  .array(
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ min: -200, max: 200, noNaN: true }), fc.constant(-Infinity)),
  )
  .map(values => Float32Array.from(values));

const sorted = (values: Float32Array): number[] =>
  [...values.keys()]
    .filter(id => values[id] !== -Infinity)
    .sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);

it('gives ids by falling score, equal ones by rising id', () => {
  fc.assert(
    fc.property(scores, fc.nat(8), (values, count) => {
      expect([...fromLargest(values)]).toEqual(sorted(values));
      expect(largest(values, count)).toEqual(sorted(values).slice(0, count));
    }),
    { seed: 1 },
  );
});
