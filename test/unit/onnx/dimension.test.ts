import { expect, test } from 'vitest';
import {
  broadcastShapes,
  multiplyDimensions,
  type Shape,
  sameElements,
  sizeAt,
  sumDimensions,
} from '../../../src/onnx/dimension.ts';

test.each([
  [2, 3, 5],
  ['S', 0, 'S'],
  [0, 'S', 'S'],
  ['S', 'P', 'P + S'],
  ['P', 'S', 'P + S'],
  ['P + S', 1, 'P + S + 1'],
  [1, 'P + S', 'P + S + 1'],
  ['P + 1', 'S + 2', 'P + S + 3'],
  ['S', 'S', 'S + S'],
  ['S + 1', -1, 'S'],
])('%s + %s is %s', (a, b, sum) => expect(sumDimensions(a, b)).toBe(sum));

test.each([
  [2, 3, 6],
  ['S', 1, 'S'],
  [12, 'S', '12 * S'],
  ['S', 12, '12 * S'],
  ['T', '2 * B', '2 * B * T'],
  ['3 * S', 4, '12 * S'],
])('%s · %s is %s', (a, b, product) => expect(multiplyDimensions(a, b)).toBe(product));

test.each<[Shape, Shape, Shape | null]>([
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3], [2, 3]],
  [[], [2, 3], [2, 3]],
  [
    [2, 1],
    [1, 3],
    [2, 3],
  ],
  [['S', 1], ['P + S'], ['S', 'P + S']],
  [['S', 4], [4], ['S', 4]],
  [[1], ['S'], ['S']],
  [[2, 3], [2], null],
  [['S'], ['P'], null],
  [['S'], [3], null],
])('%j and %j broadcast to %j', (a, b, result) => {
  expect(broadcastShapes(a, b)).toEqual(result);
  expect(broadcastShapes(b, a)).toEqual(result);
});

test.each<[Shape, Shape, boolean]>([
  [[2, 6], [3, 4], true],
  [['S', 6], [2, 'S', 3], true],
  [['S', 'P'], ['P', 'S'], true],
  [[], [1, 1], true],
  [[2, 6], [3, 3], false],
  [['S', 6], ['P', 6], false],
  [['S', 6], [6], false],
  [['S', 'S'], ['S'], false],
  [['12 * S', 64], ['S', 768], true],
  [['B * T', 4], ['B', 'T', 4], true],
  [['B * T', 4], ['B', 4], false],
])('%j holds as many elements as %j: %s', (a, b, same) => expect(sameElements(a, b)).toBe(same));

test.each([
  [0, 2],
  [-1, 'S'],
  [-2, 2],
])('the size at axis %d of [2, S] is %s', (axis, size) => expect(sizeAt([2, 'S'], axis)).toBe(size));

test.each([2, -3])('there is no axis %d in [2, S]', axis => {
  expect(() => sizeAt([2, 'S'], axis)).toThrow(`axis ${axis} of a tensor of shape [2, S]`);
});
