import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../src/gpt2/model.ts';
import type { Learner } from '../../../src/training/learner.ts';
import { sampler } from '../../../src/training/samples.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.ts';
import { examplesOf } from './examples.ts';

const STARTER = path.resolve('models/starter');
let model: Gpt2;
let tokenizer: Tokenizer;

beforeAll(async () => {
  model = await loadGpt2(STARTER, { device: 'cpu', threads: 1 });
  tokenizer = await loadTokenizer(STARTER);
});
afterAll(() => model.dispose());

/** How often what decodes was let go of. */
let closed = 0;

/** Two rows whose prompts are their first two tokens. */
function samplesOf(signal: AbortSignal, breathe: () => Promise<void>) {
  const texts = ['a bad movie, and a long one', 'a good movie, and a short one'].map(text => tokenizer.ids(text));
  const examples = { ...examplesOf(texts), promptTokens: Int32Array.of(2, 2) };
  const learner = {
    decodingModel: async () => model,
    closeDecodingModel: async () => {
      closed++;
    },
  } satisfies Pick<Learner, 'decodingModel' | 'closeDecodingModel'> as Learner;
  return sampler(learner, async () => tokenizer, examples)(7, { signal, breathe });
}

test('what the model writes stands beside the prompt and what should follow', async () => {
  const lines = await samplesOf(new AbortController().signal, async () => {});
  expect(lines).toMatchObject([
    { step: 7, prompt: 'a bad', reference: ' movie, and a long one' },
    { step: 7, prompt: 'a good', reference: ' movie, and a short one' },
  ]);
  for (const { completion } of lines) expect(completion.length).toBeGreaterThan(10);
  expect(closed).toBe(1);
});

test('a stop is seen between two tokens', async () => {
  const stop = new AbortController();
  let moments = 0;
  const lines = await samplesOf(stop.signal, async () => {
    if (++moments === 5) stop.abort();
  });
  expect(moments).toBe(5);
  expect(lines).toMatchObject([{ completion: '' }]);
});
