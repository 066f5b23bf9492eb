import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Asked, sampleAnswers } from '../../../src/decoding/answers.ts';
import { generate } from '../../../src/decoding/generate.ts';
import { uniformStream } from '../../../src/decoding/sampler.ts';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import { Gpt2 } from '../../../src/gpt2/model.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';

const MODEL = path.resolve('test/parity/fixtures/head-size-12');
const PROMPTS = [[5, 6, 7], [8], [9, 10, 11, 12, 13, 14, 15]];
const SETTINGS = { temperature: 0.8, maxNewTokens: 9, endTokens: [0], breathe: async () => {} };

let model: Gpt2;
beforeAll(async () => {
  model = await loadGpt2(MODEL, { device: 'cpu' });
});
afterAll(() => model.dispose());

const asked = (rows = [0, 1, 2]): Asked[] =>
  rows.map(row => ({ prompt: PROMPTS[row] as number[], uniform: uniformStream(7, row) }));

test('prompts answered together are answered as each by itself, whatever stands beside them', async () => {
  const together = await sampleAnswers(model, asked(), SETTINGS);
  for (const row of [0, 1, 2]) expect(await sampleAnswers(model, asked([row]), SETTINGS)).toEqual([together[row]]);
  expect(await sampleAnswers(model, asked([2, 0]), SETTINGS)).toEqual([together[2], together[0]]);
});

test('the same numbers draw what the decoder draws with them', async () => {
  const tokenizer = await loadTokenizer(MODEL);
  const prompt = 'the';
  const settings = [{ decoding: 'sample', temperature: 0.8, maxNewTokens: 9, seed: 7 }] as const;
  const generating = generate(model, tokenizer, { prompt, settings, top: 0 });
  let next = await generating.next();
  while (!next.done) next = await generating.next();
  const drawn = next.value.columns[0]?.generations[0]?.tokens.map(({ id }) => id);
  const [answer] = await sampleAnswers(
    model,
    [{ prompt: tokenizer.ids(prompt), uniform: uniformStream(7, 0) }],
    SETTINGS,
  );
  expect(answer).toEqual(drawn);
});

test('an answer ends with its end token, or where it is as long as it may be', async () => {
  const [first] = await sampleAnswers(model, asked([0]), SETTINGS);
  const end = (first as number[])[2] as number;
  const [ended] = await sampleAnswers(model, asked([0]), { ...SETTINGS, endTokens: [end] });
  expect(ended).toEqual((first as number[]).slice(0, (first as number[]).indexOf(end) + 1));
  const [short] = await sampleAnswers(model, asked([0]), { ...SETTINGS, endTokens: [], maxNewTokens: 2 });
  expect(short).toEqual((first as number[]).slice(0, 2));
});

test('several tokens a run are the answers of one a run, wherever each ends', async () => {
  const inRuns = await loadGpt2(MODEL, { device: 'cpu', ownMemory: true });
  const settings = { ...SETTINGS, maxNewTokens: 40 };
  const answers = await sampleAnswers(model, asked(), settings);
  const end = (answers[1] as number[])[20] as number;
  for (const endTokens of [[], [end]]) {
    const expected = await sampleAnswers(model, asked(), { ...settings, endTokens });
    expect(await sampleAnswers(inRuns, asked(), { ...settings, endTokens })).toEqual(expected);
  }
  await inRuns.dispose();
});

test('where there is no memory for the graph of several tokens, they are made one a run', async () => {
  const failing = (message: string): Gpt2 => {
    const openTokens = () => Promise.reject(new Error(message));
    const [weights, runs] = ['weights', 'runs'].map(name => Reflect.get(model, name));
    return new Gpt2(model.config, weights, model.device, { ...runs, openTokens });
  };
  const settings = { ...SETTINGS, maxNewTokens: 4 };
  const expected = await sampleAnswers(model, asked(), settings);
  expect(await sampleAnswers(failing('Failed to allocate memory'), asked(), settings)).toEqual(expected);
  const broken = sampleAnswers(failing('no such kernel'), asked(), settings);
  await expect(broken).rejects.toMatchObject({ code: 'runtime-failed' });
});
