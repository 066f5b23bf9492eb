import { expect, test } from 'vitest';
import { ROW_PIXELS, scrolledHeight, scrollTopWith, windowAt } from '../../../webview-ui/shared/rowWindow.ts';

const VISIBLE = 440;
const HUNDRED = 100;
const MILLION = 1_000_000;

test('few rows are as high as they are, and drawn with some around those in sight', () => {
  expect(scrolledHeight(HUNDRED)).toBe(HUNDRED * ROW_PIXELS);
  expect(windowAt(0, VISIBLE, HUNDRED)).toEqual({ first: 0, end: 28, top: 0 });
  expect(windowAt(50 * ROW_PIXELS, VISIBLE, HUNDRED)).toEqual({ first: 42, end: 78, top: 42 * ROW_PIXELS });
});

test('a million rows fit below the browser’s limit on a screen with two pixels to one, and the last can be reached', () => {
  expect(scrolledHeight(MILLION) * 2).toBeLessThan(2 ** 25);
  const { end, first, top } = windowAt(scrolledHeight(MILLION) - VISIBLE, VISIBLE, MILLION);
  expect(end).toBe(MILLION);
  // The last row ends where the scroller does.
  expect(top + (MILLION - first) * ROW_PIXELS).toBeCloseTo(scrolledHeight(MILLION), 3);
});

test.each([0, 1, 12_345, 499_999, 999_998, MILLION - 1])('row %i of a million is brought in sight', row => {
  const scrollTop = scrollTopWith(row, 3_000_000, VISIBLE, MILLION);
  const { first, end, top } = windowAt(scrollTop, VISIBLE, MILLION);
  expect(first).toBeLessThanOrEqual(row);
  expect(end).toBeGreaterThan(row);
  const from = top + (row - first) * ROW_PIXELS - scrollTop;
  expect(from).toBeGreaterThan(-1);
  expect(from + ROW_PIXELS).toBeLessThan(VISIBLE + 1);
});

test('a row that is in sight moves nothing', () => expect(scrollTopWith(10, 100, VISIBLE, HUNDRED)).toBe(100));
