import { expect, test } from 'vitest';
import { KeptStates } from '../../../../src/training/learner/keptStates.ts';

const LIMITS = [
  ['in memory', 1e6],
  ['partly in a file', 20],
  ['all in a file', 0],
] as const;

test.each(LIMITS)('states that are kept %s come back', async (_, limitBytes) => {
  const kept = new KeptStates(limitBytes);
  const all = new Map(
    [1, 5, 2, 9].map(length => [`${length}`, Float32Array.from({ length }, (_, i) => length + i / 8)]),
  );
  for (const [key, states] of all) await kept.keep(key, states);
  for (const [key, states] of [...all].reverse()) expect(await kept.get(key)).toEqual(states);
  expect(kept.has('5')).toBe(true);
  expect(kept.has('6')).toBe(false);
  await expect(kept.get('6')).rejects.toThrow(/"6"/);
  await kept.dispose();
});
