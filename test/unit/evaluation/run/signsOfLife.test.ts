import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withSignsOfLife } from '../../../../src/evaluation/run/signsOfLife.ts';

test('a sign of life comes while nothing else does, and every value once', async () => {
  const slow = async function* () {
    yield 1;
    await delay(250);
    yield 2;
  };
  const seen: Array<number | null> = [];
  for await (const value of withSignsOfLife(slow(), 20)) seen.push(value);
  expect(seen.filter(value => value !== null)).toEqual([1, 2]);
  expect(seen[0]).toBe(1);
  expect(seen.at(-1)).toBe(2);
  expect(seen.filter(value => value === null).length).toBeGreaterThanOrEqual(3);
});

test('a failure comes through, and who leaves early ends what is under way', async () => {
  const failing = async function* () {
    yield 1;
    throw new Error('broken');
  };
  const seen: unknown[] = [];
  await expect(async () => {
    for await (const value of withSignsOfLife(failing())) seen.push(value);
  }).rejects.toThrow('broken');
  expect(seen).toEqual([1]);
  let ended = false;
  const endless = async function* () {
    try {
      for (;;) yield 1;
    } finally {
      ended = true;
    }
  };
  for await (const _ of withSignsOfLife(endless())) break;
  expect(ended).toBe(true);
});
