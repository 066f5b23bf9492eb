import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SequenceScore, SequenceScorer } from '../../../../src/evaluation/prompt/scorer.ts';
import { type Gpt2, loadGpt2 } from '../../../../src/gpt2/model.ts';

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
