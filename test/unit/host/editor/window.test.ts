import { expect, test } from 'vitest';
import { windowAround } from '../../../../src/host/editor/window.ts';

const line = (i: number): string => `line ${String(i).padStart(4, '0')} of a long document\n`; // 29 characters
const DOCUMENT = Array.from({ length: 2000 }, (_, i) => line(i)).join('');
const CONTEXT_TOKENS = 512;
const LONE_SURROGATE = /\p{Surrogate}/u;

test('a short document is sent from its start, to the first word after the line', () => {
  expect(windowAround('One two\n\nThree four', 2, CONTEXT_TOKENS)).toEqual({ text: 'One two\n\nThree', start: 0 });
  expect(windowAround('One two', 7, CONTEXT_TOKENS)).toEqual({ text: 'One two', start: 0 });
});

test('positions near each other share their window’s start, so that what is computed for one serves the other', () => {
  const starts = new Set<number>();
  for (let offset = 0; offset < 20_000; offset += 29) starts.add(windowAround(DOCUMENT, offset, CONTEXT_TOKENS).start);
  expect(starts.size).toBe(Math.ceil(20_000 / 1024) - 1);
});

test.each([5000, 10_239, 10_240, 33_333])(
  'before offset %i stands half a context or more, from a line’s start',
  offset => {
    const { text, start } = windowAround(DOCUMENT, offset, CONTEXT_TOKENS);
    expect(offset - start).toBeGreaterThan(1024 - 29);
    expect(offset - start).toBeLessThanOrEqual(2048);
    expect(DOCUMENT[start - 1]).toBe('\n');
    expect(DOCUMENT.slice(start, start + text.length)).toBe(text);
    expect(text.length).toBeGreaterThan(offset - start);
  },
);

test('a text without lines or words is not cut inside a character', () => {
  for (const pad of ['', 'x']) {
    const { text } = windowAround(pad + '😀'.repeat(5000), 6000, CONTEXT_TOKENS);
    expect(text).not.toMatch(LONE_SURROGATE);
  }
});
