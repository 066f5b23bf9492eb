import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filtersOf, processed } from '../../src/decoding/processors.ts';
import type { DecodingSettings, SampleSettings } from '../../src/protocol/generation.ts';
import { valueOf } from '../../src/protocol/result.ts';
import { testEngine } from './engine.ts';
import { type IdAndProbability, readFixture } from './expected.ts';

interface ExpectedCase {
  readonly prompt: string;
  readonly settings: DecodingSettings;
  readonly generations: ReadonlyArray<{ readonly ids: readonly number[]; readonly score?: number }>;
}

const engine = testEngine();
const models = readFixture<Record<string, readonly ExpectedCase[]>>('generate.json');

describe.each(Object.entries(models))('decoding with %s, as transformers does it', (name, cases) => {
  const model = path.resolve('test/parity/fixtures', name);
  let largest = 0;
  afterAll(() => console.log(`${name}: largest difference of a beam's score ${largest.toExponential(1)}`));

  it.each(cases.map(expected => [expected.prompt, JSON.stringify(expected.settings), expected] as const))(
    '%s: %s',
    async (prompt, _, { settings, generations }) => {
      const { columns } = await valueOf(
        engine.generate({ model, device: 'cpu', prompt, settings: [settings], top: 0 }),
      );
      const [column] = columns;
      const ids = column?.generations.map(({ tokens }) => tokens.map(({ id }) => id));
      expect(ids).toEqual(generations.map(({ ids }) => ids));
      for (const [place, { score }] of generations.entries()) {
        const found = column?.generations[place]?.score;
        expect(typeof found).toBe(typeof score);
        if (score === undefined) continue;
        // A negative length penalty makes scores of some hundreds, in single precision.
        largest = Math.max(largest, Math.abs((found as number) - score) / Math.max(1, Math.abs(score)));
      }
      expect(largest).toBeLessThan(1e-4);
    },
  );

  it('several settings of a prompt together give each what it gives alone', async () => {
    const prompt = cases[0]?.prompt as string;
    const ofPrompt = cases.filter(expected => expected.prompt === prompt);
    const settings = ofPrompt.map(({ settings }) => settings);
    const { columns } = await valueOf(engine.generate({ model, device: 'cpu', prompt, settings, top: 0 }));
    for (const [index, { generations }] of ofPrompt.entries())
      expect(columns[index]?.generations.map(({ tokens }) => tokens.map(({ id }) => id))).toEqual(
        generations.map(({ ids }) => ids),
      );
  });
});

function softmax(scores: Float32Array): number[] {
  const largest = Math.max(...scores);
  const weights = Array.from(scores, score => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map(weight => weight / total);
}

describe('what filters leave, as transformers’ warpers do', () => {
  const { vectors, cases } = readFixture<{
    vectors: Record<string, number[]>;
    cases: Array<{ vector: string; settings: Omit<SampleSettings, 'decoding'>; left: IdAndProbability[] }>;
  }>('filters.json');

  it.each(cases.map(expected => [expected.vector, JSON.stringify(expected.settings), expected] as const))(
    '%s: %s',
    (vector, _, { settings, left }) => {
      const scores = Float32Array.from(vectors[vector] as number[]);
      const found = softmax(processed(scores, [], filtersOf({ decoding: 'sample', ...settings })));
      const kept = [...found.keys()].filter(id => found[id] !== 0);
      // By their scores: which of equal ones stay is left to a sort that is not stable.
      const ranked = (ids: readonly number[]) => ids.map(id => scores[id] as number).sort((a, b) => b - a);
      expect(ranked(kept)).toEqual(ranked(left.map(([id]) => id)));
      const expected = left.map(([, probability]) => probability).sort((a, b) => b - a);
      for (const [place, probability] of [...found].sort((a, b) => b - a).entries())
        expect(Math.abs(probability - (expected[place] ?? 0))).toBeLessThan(1e-6);
    },
  );
});
