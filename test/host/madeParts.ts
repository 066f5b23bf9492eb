import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Estimate, TextStatistics } from '../../src/protocol/evaluation/folder.ts';
import { samples } from './paths.ts';

/** Numbers from 0 to 1; the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An estimate with some interval: what it is exactly does not matter here. */
export const around = (value: number, half: number, count: number): Estimate => ({
  value,
  low: Math.max(0, value - half),
  high: value + half,
  count,
});

export const sentences = (await readFile(path.join(samples, 'SST-2', 'dev.tsv'), 'utf8'))
  .trimEnd()
  .split('\n')
  .slice(1)
  .map(line => line.split('\t') as [string, string]);

export const statistics = (seed: number): TextStatistics => ({
  count: 50,
  meanTokens: 38.4 + seed,
  distinct1: 0.31 + seed / 40,
  distinct2: 0.62 + seed / 50,
  repetition: 0.11 - seed / 100,
  empty: seed,
});
