import { expect, test } from 'vitest';
import { HEAT_COLORS, HEAT_STEPS_BITS, heatStep, visibleText } from '../../../src/protocol/heat.ts';

test.each([
  [null, 0],
  [0, 0],
  [0.999, 0],
  [1, 1],
  [2.999, 1],
  [3, 2],
  [6, 3],
  [9, 4],
  [11.999, 4],
  [12, 5],
  [40, 5],
  [Number.POSITIVE_INFINITY, 5],
])('%s bits have step %d', (bits, step) => expect(heatStep(bits)).toBe(step));

test('every step has its colour', () => expect(HEAT_COLORS).toHaveLength(HEAT_STEPS_BITS.length));

test.each([
  [' the', '·the'],
  ['\r\n', '␍⏎'],
  ['\t  x', '⇥··x'],
  ['é😀\u00a0', 'é😀\u00a0'],
  ['', ''],
])('%j is shown as %s', (text, shown) => expect(visibleText(text)).toBe(shown));
