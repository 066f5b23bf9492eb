import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type SequenceScore, SequenceScorer } from '../../../../src/evaluation/prompt/scorer.ts';
import { loadGpt2 } from '../../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../../src/gpt2/model.ts';

let model: Gpt2;
beforeAll(async () => {
  model = await loadGpt2(path.resolve('test/parity/fixtures/as-published'), { device: 'cpu', threads: 1 });
});
afterAll(() => model.dispose());

test('tokens of the shared beginning count also for the first that scores them after others did not', async () => {
  const beginning = [464, 3807, 373, 1336].map(id => id % model.config.vocabularySize);
  const all = { ids: [...beginning, 5], scoredFrom: 1 };
  const scorer = new SequenceScorer(model, undefined);
  await scorer.scoreAll([7, 9].map(id => [{ ids: [...beginning, id], scoredFrom: beginning.length }]));
  const [[found]] = (await scorer.scoreAll([[all]])) as [[SequenceScore]];
  // Beside one that begins otherwise, nothing is shared.
  const other = { ids: [11, 3], scoredFrom: 1 };
  const [, [apart]] = (await new SequenceScorer(model, undefined).scoreAll([[other], [all]])) as [
    unknown,
    [SequenceScore],
  ];
  expect(found.tokens).toBe(4);
  expect(found.logProbability).toBeCloseTo(apart.logProbability, 4);
});

/** Groups that share a beginning, of words of one token and of two, one of which begins with another. */
const GROUPS = Array.from({ length: 40 }, (_, group) =>
  [[7], [9], [7, 11]].map(word => ({ ids: [464, 3807, 40 + group, 60 + group, ...word], scoredFrom: 4 })),
).map(group => group.map(({ ids, scoredFrom }) => ({ ids: ids.map(id => id % 500), scoredFrom })));

test('a state goes through the head once, whatever words follow it, and the states of several runs together', async () => {
  const [trunk, heads] = [vi.spyOn(model, 'lastHiddenStates'), vi.spyOn(model, 'predictions')];
  const [read, asked] = [trunk, heads].map(spy => () => spy.mock.calls) as [
    () => typeof trunk.mock.calls,
    () => typeof heads.mock.calls,
  ];
  const scores = await new SequenceScorer(model, undefined).scoreAll(GROUPS);
  const states = asked().reduce((sum, [hidden]) => sum + hidden.length / model.config.width, 0);
  expect(states).toBe(2 * GROUPS.length); // after the prompt, and after the first token of the longer word
  expect(read().reduce((sum, [rows]) => sum + (rows.read?.length ?? 0), 0)).toBe(states);
  expect(asked().length).toBeLessThanOrEqual(read().length);
  vi.restoreAllMocks();
  for (const [at, group] of GROUPS.entries()) {
    for (const [word, sequence] of group.entries()) {
      const [[alone]] = (await new SequenceScorer(model, undefined).scoreAll([[sequence]])) as [[SequenceScore]];
      expect(scores[at]?.[word]?.logProbability).toBeCloseTo(alone.logProbability, 4);
    }
  }
});
