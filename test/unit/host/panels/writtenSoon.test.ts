import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WrittenSoon } from '../../../../src/host/panels/writtenSoon.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('several changes are written once, when the time is up that the first one began', () => {
  const write = vi.fn<() => void>();
  const written = new WrittenSoon(write, 300);
  written.soon();
  vi.advanceTimersByTime(200);
  written.soon();
  expect(write).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(100);
  expect(write).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1000);
  expect(write).toHaveBeenCalledTimes(1);
});

test('what waits is written when its owner goes, and nothing where nothing waits', () => {
  const write = vi.fn<() => void>();
  const written = new WrittenSoon(write, 300);
  written.soon();
  written.dispose();
  expect(write).toHaveBeenCalledTimes(1);
  written.dispose();
  vi.advanceTimersByTime(1000);
  expect(write).toHaveBeenCalledTimes(1);
});

test('what is written at once is not written again', () => {
  const write = vi.fn<() => void>();
  const written = new WrittenSoon(write, 300);
  written.soon();
  written.now();
  vi.advanceTimersByTime(1000);
  expect(write).toHaveBeenCalledTimes(1);
});
