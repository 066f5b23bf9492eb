import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generate } from '../../../src/decoding/generate.ts';
import { generateEach } from '../../../src/decoding/generateEach.ts';
import { loadGpt2, type LoadOptions } from '../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../src/gpt2/model.ts';
import type { DecodingSettings, Generated, GeneratedToken } from '../../../src/protocol/generation.ts';
import { scoreTexts } from '../../../src/scoring/score.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.ts';
import { temporaryFolder } from '../../unit/models/temporary.ts';
import { readFixture } from '../expected.ts';

// What CUDA would run, run on the CPU: several tokens a run, in float32 and with products in float16.

const MODELS = [
  'head-size-12',
  'head-size-64-untied-gelu',
  'inverse-layer-scale-sharded',
  'relu-inner-f16',
  'unscaled-attention-bf16',
];
const folderOf = (name: string): string => path.resolve('test/parity/fixtures', name);

const PROMPT = 'The movie was';
const GREEDY = { decoding: 'greedy', maxNewTokens: 12 } as const;
const SAMPLE = { decoding: 'sample', maxNewTokens: 12, seed: 5 } as const;

const SETTINGS: readonly DecodingSettings[] = [
  GREEDY,
  SAMPLE,
  { ...SAMPLE, temperature: 0.7, seed: 6 },
  { ...SAMPLE, temperature: 1.7, topK: 7, seed: 7 },
  { ...SAMPLE, topK: 100_000, topP: 0.6, seed: 8 },
  { ...SAMPLE, minP: 0.3, seed: 9 },
  { ...SAMPLE, temperature: 0.9, topK: 40, topP: 0.8, minP: 0.05, seed: 10, count: 4 },
  { ...SAMPLE, topP: 1e-6, seed: 11 },
];

async function decoded(model: Gpt2, tokenizer: Tokenizer, settings: readonly DecodingSettings[], top = 3) {
  const running = generate(model, tokenizer, { prompt: PROMPT, settings, top });
  let [text, next] = ['', await running.next()];
  for (; !next.done; next = await running.next()) if (next.value.kind !== 'beams') text += next.value.text;
  return { ...next.value, told: text };
}

const tokensOf = ({ columns }: Pick<Generated, 'columns'>): GeneratedToken[] =>
  columns.flatMap(({ generations }) => generations.flatMap(({ tokens }) => tokens));
const idsOf = ({ columns }: Pick<Generated, 'columns'>) =>
  columns.map(({ generations }) => generations.map(({ tokens }) => tokens.map(({ id }) => id)));
const figuresOf = (generated: Pick<Generated, 'columns'>): number[] =>
  tokensOf(generated).flatMap(({ probability, rank, entropy, left, top = [] }) => [
    probability,
    rank,
    entropy,
    left.tokens,
    left.probability,
    left.chance,
    ...top.flatMap(({ id, probability }) => [id, probability]),
  ]);

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((figure, index) => Math.abs(figure - (b[index] ?? Number.NaN)) / Math.max(1, Math.abs(figure))));

/** Counts the runs that made tokens. */
function countingRuns(model: Gpt2): () => number {
  let runs = 0;
  const tokens = model.tokens.bind(model);
  model.tokens = (...given) => {
    runs += 1;
    return tokens(...given);
  };
  return () => runs;
}

describe.each(MODELS)('%s', name => {
  const models: Gpt2[] = [];
  const open = async (options: Partial<LoadOptions> = {}): Promise<Gpt2> => {
    const model = await loadGpt2(folderOf(name), { device: 'cpu', ...options });
    models.push(model);
    return model;
  };
  afterAll(() => Promise.all(models.map(model => model.dispose())));
  let tokenizer: Tokenizer;
  let stepwise: Gpt2;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(folderOf(name));
    stepwise = await open();
  });

  test('several tokens a run are the tokens of one a run, and as much is told of them', async () => {
    const inRuns = await open({ ownMemory: true });
    const runs = countingRuns(inRuns);
    const [expected, found] = [
      await decoded(stepwise, tokenizer, SETTINGS),
      await decoded(inRuns, tokenizer, SETTINGS),
    ];
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(found.told).toBe(expected.told);
    expect(runs()).toBe(1);
    const difference = largestDifference(figuresOf(expected), figuresOf(found));
    console.log(`${name}: largest difference of what is told of a token ${difference.toExponential(1)}`);
    expect(figuresOf(found)).toHaveLength(figuresOf(expected).length);
    expect(difference).toBeLessThan(1e-5);
  });

  test('with products in float16, scores and the probabilities of decoding are within 1e-2', async () => {
    const narrow = await open({ ownMemory: true, products: 'float16' });
    const scored = async (model: Gpt2) => {
      const options = { firstToken: 'unscored', top: 0 } as const;
      const [text] = await scoreTexts(
        model,
        tokenizer,
        ['The movie was full of surprises, and it ended well.'],
        options,
      );
      return [
        text?.perplexity ?? Number.NaN,
        ...(text?.tokens.slice(1).map(({ probability }) => probability ?? 0) ?? []),
      ];
    };
    const [expected, found] = [await scored(stepwise), await scored(narrow)];
    const ofScores = largestDifference(expected, found);
    const greedy = async (model: Gpt2) =>
      tokensOf(await decoded(model, tokenizer, [GREEDY], 0)).map(({ probability }) => probability);
    const ofDecoding = largestDifference(await greedy(stepwise), await greedy(narrow));
    console.log(`${name}, float16: scores ${ofScores.toExponential(1)}, decoding ${ofDecoding.toExponential(1)}`);
    expect(ofScores).toBeLessThan(1e-2);
    expect(ofDecoding).toBeLessThan(1e-2);
    expect(ofScores + ofDecoding).toBeGreaterThan(0);
  });
});

/** Of the same tokens from the first on: what two ways give each of them, and how many there are. */
function agreement(a: readonly GeneratedToken[], b: readonly GeneratedToken[]) {
  const differs = a.findIndex(({ id }, index) => id !== b[index]?.id);
  const alike = differs === -1 ? a.length : differs;
  const probabilities = (tokens: readonly GeneratedToken[]) =>
    tokens.slice(0, alike).map(({ probability }) => probability);
  return { alike, difference: largestDifference(probabilities(a), probabilities(b)) };
}

// Halves are multiplied in float32 here. With blocks what is multiplied is rounded to 8 bits too, so that a difference in
// the last place may become one of a whole step, 1/127 of the largest number of a block: texts part at some token.
test.each([
  ['f16', 12, 1e-5],
  ['bf16', 12, 1e-5],
  ['int8', 3, 1e-2],
  ['int4', 3, 1e-2],
] as const)('weights in %s decode as they do one token a run', async (precision, atLeast, within) => {
  const folder = folderOf('head-size-64-untied-gelu');
  const options = { device: 'cpu', precision, home: await temporaryFolder() } as const;
  const tokenizer = await loadTokenizer(folder);
  const [stepwise, inRuns] = [await loadGpt2(folder, options), await loadGpt2(folder, { ...options, ownMemory: true })];
  const runs = countingRuns(inRuns);
  const of = async (model: Gpt2) => tokensOf(await decoded(model, tokenizer, [GREEDY]));
  const { alike, difference } = agreement(await of(stepwise), await of(inRuns));
  console.log(`${precision}: ${alike} tokens alike, largest difference ${difference.toExponential(1)}`);
  expect(runs()).toBe(1);
  expect(alike).toBeGreaterThanOrEqual(atLeast);
  expect(difference).toBeLessThan(within);
  for (const model of [stepwise, inRuns]) await model.dispose();
});

describe('what transformers decodes', () => {
  interface ExpectedCase {
    readonly prompt: string;
    readonly settings: DecodingSettings;
    readonly generations: ReadonlyArray<{ readonly ids: readonly number[] }>;
  }
  const cases = readFixture<Record<string, readonly ExpectedCase[]>>('generate.json');

  test.each(Object.keys(cases))('is what runs of several tokens give of %s', async name => {
    const model = await loadGpt2(folderOf(name), { device: 'cpu', ownMemory: true });
    const tokenizer = await loadTokenizer(folderOf(name));
    for (const { prompt, settings, generations } of cases[name] ?? []) {
      const running = generate(model, tokenizer, { prompt, settings: [settings], top: 0 });
      let next = await running.next();
      while (!next.done) next = await running.next();
      expect(idsOf(next.value)).toEqual([generations.map(({ ids }) => ids)]);
    }
    await model.dispose();
  });
});

describe('where a run ends', () => {
  const name = 'head-size-12'; // a context of 32 tokens
  let [tokenizer, stepwise, inRuns] = [] as unknown as [Tokenizer, Gpt2, Gpt2];
  beforeAll(async () => {
    tokenizer = await loadTokenizer(folderOf(name));
    stepwise = await loadGpt2(folderOf(name), { device: 'cpu' });
    inRuns = await loadGpt2(folderOf(name), { device: 'cpu', ownMemory: true });
  });
  afterAll(() => Promise.all([stepwise.dispose(), inRuns.dispose()]));

  const same = async (settings: readonly DecodingSettings[]) => {
    const [expected, found] = [
      await decoded(stepwise, tokenizer, settings),
      await decoded(inRuns, tokenizer, settings),
    ];
    expect(idsOf(found)).toEqual(idsOf(expected));
    const reasons = ({ columns }: Pick<Generated, 'columns'>) =>
      columns.flatMap(({ generations }) => generations.map(({ finishReason, text }) => [finishReason, text]));
    expect(reasons(found)).toEqual(reasons(expected));
    return reasons(found).map(([reason]) => reason);
  };

  test('the context stops a text, or slides on', async () => {
    const long = { ...SAMPLE, maxNewTokens: 70 };
    expect(await same([long])).toEqual(['context']);
    expect(await same([{ ...long, pastContext: 'slide' }])).toEqual(['length']);
    expect(
      await same([
        { ...long, pastContext: 'slide', count: 3 },
        { ...GREEDY, maxNewTokens: 3 },
      ]),
    ).toHaveLength(4);
  });

  test('a stop string within a run leaves out the rest of it', async () => {
    const { columns } = await decoded(stepwise, tokenizer, [SAMPLE]);
    const text = columns[0]?.generations[0]?.text as string;
    expect(await same([{ ...SAMPLE, stop: [text.slice(8, 12)] }, SAMPLE])).toEqual(['stop', 'length']);
  });

  test('texts of unequal length each end where they should', async () => {
    const lengths = [1, 2, 5, 40].map(maxNewTokens => ({ ...SAMPLE, maxNewTokens }));
    expect(await same(lengths)).toEqual(['length', 'length', 'length', 'context']);
  });

  test('beams, penalties and typical-p ask for each token, and so does what stands beside them', async () => {
    const runs = countingRuns(inRuns);
    await same([GREEDY, { decoding: 'beam', beams: 3, maxNewTokens: 12 }]);
    await same([{ ...GREEDY, repetitionPenalty: 1.4 }]);
    await same([{ ...SAMPLE, noRepeatNgram: 2, typicalP: 0.8, bias: [{ id: 7, value: 2 }], ban: [9] }]);
    expect(runs()).toBe(0);
  });

  test('many prompts side by side are answered as they are one token a run', async () => {
    const prompts = Array.from({ length: 11 }, (_, index) => ({
      prompt: ['The movie was', 'A', 'full of surprises, and'][index % 3] as string,
      settings: { ...(index % 4 === 0 ? GREEDY : SAMPLE), maxNewTokens: 3 + 2 * index },
    }));
    const answers = async (model: Gpt2) => {
      const all: Array<readonly [number, unknown]> = [];
      for await (const answer of generateEach(model, tokenizer, prompts))
        all.push([answer.index, 'generation' in answer && answer.generation.text]);
      return all.sort(([a], [b]) => a - b);
    };
    const runs = countingRuns(inRuns);
    const expected = await answers(stepwise);
    expect(await answers(inRuns)).toEqual(expected);
    expect(expected).toHaveLength(prompts.length);
    expect(runs()).toBeGreaterThan(0);
  });

  test('a cancel is seen before the next run', async () => {
    const controller = new AbortController();
    const settings = [{ ...SAMPLE, maxNewTokens: 200, pastContext: 'slide' }] as const;
    const running = generate(inRuns, tokenizer, { prompt: PROMPT, settings, top: 0 }, { signal: controller.signal });
    await running.next();
    controller.abort();
    const rest = async () => {
      for (let next = await running.next(); !next.done; next = await running.next());
    };
    await expect(rest()).rejects.toMatchObject({ code: 'cancelled' });
  });
});
