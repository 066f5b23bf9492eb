import { describe, expect, test } from 'vitest';
import { microBatches, orderOfEpoch } from '../../../src/training/batches.ts';
import { manyExamples } from './examples.ts';

const spec = { batchSize: 4, accumulation: 2, shuffle: true, seed: 123 };
const examples = manyExamples(150);
const sorted = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);
const all = [...Array(150).keys()];
const length = (row: number): number => (examples.offsets[row + 1] as number) - (examples.offsets[row] as number);

describe('the order of an epoch', () => {
  test('file order unless shuffled', () => {
    expect(orderOfEpoch(examples, 3, { ...spec, shuffle: false })).toEqual(all);
  });

  test.each([0, 1, 7])('epoch %i has each row once, the same each time it is asked for', epoch => {
    const order = orderOfEpoch(examples, epoch, spec);
    expect(sorted(order)).toEqual(all);
    expect(order).not.toEqual(all);
    expect(orderOfEpoch(examples, epoch, spec)).toEqual(order);
  });

  test('differs by epoch and by seed', () => {
    const orders = [
      orderOfEpoch(examples, 0, spec),
      orderOfEpoch(examples, 1, spec),
      orderOfEpoch(examples, 0, { ...spec, seed: 1 }),
    ];
    expect(new Set(orders.map(order => order.join())).size).toBe(3);
  });

  test('batches are of similar length, and not in the order of length', () => {
    const padding = (order: readonly number[]): number => {
      let tokens = 0;
      for (let at = 0; at < order.length; at += spec.batchSize) {
        const lengths = order.slice(at, at + spec.batchSize).map(length);
        tokens += lengths.reduce((sum, each) => sum + Math.max(...lengths) - each, 0);
      }
      return tokens;
    };
    const order = orderOfEpoch(examples, 0, spec);
    expect(padding(order)).toBeLessThan(padding(all) / 3);
    const firsts = order.filter((_, at) => at % spec.batchSize === 0).map(length);
    expect(firsts).not.toEqual(sorted(firsts));
  });

  test('where all is padded to one length, rows are just shuffled', () => {
    const padded = { ...examples, paddedLength: 12 };
    const order = orderOfEpoch(padded, 0, spec);
    expect(sorted(order)).toEqual(all);
    expect(order).not.toEqual(orderOfEpoch(examples, 0, spec));
  });
});

test.each([
  [
    0,
    [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ],
  ],
  [
    18,
    [
      [144, 145, 146, 147],
      [148, 149],
    ],
  ],
])('step %i of an epoch takes its rows of the order, a micro-batch at a time', (step, expected) => {
  expect(microBatches(examples, all, step, spec).map(({ rows }) => rows)).toEqual(expected);
});
