import { expect, test } from 'vitest';
import { copyBlock } from '../../../src/onnx/block.ts';

const counted = Float32Array.from({ length: 24 }, (_, i) => i + 1); // [2, 3, 4]

test.each<[shape: number[], sizes: number[], expected: number[]]>([
  [[], [], [1]],
  [[3], [5], [1, 2, 3, 0, 0]],
  [
    [2, 2],
    [3, 3],
    [1, 2, 0, 5, 6, 0, 0, 0, 0],
  ],
  [
    [2, 1, 3],
    [2, 2, 3],
    [1, 2, 3, 0, 0, 0, 13, 14, 15, 0, 0, 0],
  ],
  [
    [0, 2],
    [1, 2],
    [0, 0],
  ],
])('the first %j of an array go to the beginning of one of %j', (shape, sizes, expected) => {
  const from = [[], [24], [6, 4], [2, 3, 4]][shape.length] as number[];
  const array = new Float32Array(expected.length);
  copyBlock(shape, { array: counted, at: 0, sizes: from }, { array, at: 0, sizes });
  expect([...array]).toEqual(expected);
});

test('from a place within an array to a place within another', () => {
  const array = new BigInt64Array(6);
  const from = { array: BigInt64Array.from([9n, 1n, 2n, 3n, 4n]), at: 1, sizes: [2, 2] };
  copyBlock([2, 1], from, { array, at: 2, sizes: [2, 2] });
  expect([...array]).toEqual([0n, 0n, 1n, 0n, 3n, 0n]);
});
