import { afterEach, expect, test, vi } from 'vitest';
import type { Progress } from '../../../src/protocol/engine.ts';
import { progressMeter } from '../../../src/protocol/progress.ts';

afterEach(() => void vi.useRealTimers());

test('tells what is done, how fast, and how long the rest takes at that rate', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const reports: Progress[] = [];
  const meter = progressMeter({ message: 'Scoring', unit: 'tokens', total: 100 }, report => reports.push(report));
  vi.advanceTimersByTime(2000);
  meter.add(40);
  vi.advanceTimersByTime(2000);
  meter.add(60);
  const work = { message: 'Scoring', unit: 'tokens', total: 100 };
  expect(reports).toEqual([
    { ...work, done: 0 },
    { ...work, done: 40, rate: 20, secondsLeft: 3 },
    { ...work, done: 100, rate: 25, secondsLeft: 0 },
  ]);
});

test('what is done at once has a finite rate', () => {
  const reports: Progress[] = [];
  progressMeter({ message: 'm', unit: 'files', total: 2 }, report => reports.push(report)).add(1);
  expect(Number.isFinite(reports[1]?.rate)).toBe(true);
});

test('nobody need listen', () => {
  expect(() => progressMeter({ message: 'm', unit: 'files', total: 1 }).add(1)).not.toThrow();
});
