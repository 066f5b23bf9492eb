import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../src/gpt2/model.ts';
import type { Progress, ScoredText } from '../../../src/protocol/engine.ts';
import { alternatives } from '../../../src/scoring/alternatives.ts';
import { nextTokens } from '../../../src/scoring/next.ts';
import { Reading } from '../../../src/scoring/reading.ts';
import { scoreTexts } from '../../../src/scoring/score.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.ts';

const FOLDER = path.resolve('test/parity/fixtures/head-size-12'); // 512 tokens, 32 positions
let model: Gpt2;
let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer(FOLDER);
  model = await loadGpt2(FOLDER, { device: 'cpu', threads: 1 });
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => model.dispose());

const unscored = { firstToken: 'unscored', top: 0 } as const;
const endoftext = { firstToken: 'endoftext', top: 0 } as const;
const SENTENCE = 'The movie was full of surprises';
const LONG = Array.from({ length: 12 }, (_, i) => `${SENTENCE}, number ${i}`).join('. ');

async function scored(text: string, options: Parameters<typeof scoreTexts>[3] = unscored): Promise<ScoredText> {
  const [result] = await scoreTexts(model, tokenizer, [text], options);
  return result as ScoredText;
}

test.each([
  ['one token, unscored', 'a', unscored, 1, 0],
  ['one token after endoftext', 'a', endoftext, 1, 1],
  ['nothing, unscored', '', unscored, 0, 0],
  ['nothing after endoftext', '', endoftext, 0, 0],
] as const)('%s', async (_, text, options, tokens, scoredTokens) => {
  const result = await scored(text, options);
  expect(result.tokens).toHaveLength(tokens);
  expect(result.scoredTokens).toBe(scoredTokens);
  expect([result.perplexity === null, result.bitsPerByte === null]).toEqual([scoredTokens === 0, scoredTokens === 0]);
});

test('no texts, no scores', async () => expect(await scoreTexts(model, tokenizer, [], unscored)).toEqual([]));

test('texts of any length together score as each alone, in their order', async () => {
  const texts = [SENTENCE, '', LONG, 'a', 'ab ab', LONG.slice(10), SENTENCE];
  const together = await scoreTexts(model, tokenizer, texts, endoftext);
  expect(together.map(({ text }) => text)).toEqual(texts);
  for (const [index, text] of texts.entries()) {
    const alone = await scored(text, endoftext);
    const [one, other] = [together[index]?.tokens ?? [], alone.tokens];
    expect(one.map(({ id }) => id)).toEqual(other.map(({ id }) => id));
    for (const [at, { surprisal }] of one.entries()) expect(surprisal).toBeCloseTo(other[at]?.surprisal as number, 3);
  }
});

test('bits per byte count the UTF-8 bytes of what is scored', async () => {
  const { bitsPerByte, tokens } = await scored('aé😀', endoftext); // 1 + 2 + 4 bytes
  const bits = tokens.reduce((sum, { surprisal }) => sum + (surprisal as number), 0);
  expect(bitsPerByte).toBeCloseTo(bits / 7, 9);
});

test.each([
  [0, undefined],
  [3, 3],
  [512, 512],
  [600, 512],
])('top %d of 512 tokens', async (top, length) => {
  const { tokens } = await scored('ab ab', { ...unscored, top });
  expect(tokens[0]).not.toHaveProperty('top');
  for (const token of tokens.slice(1)) expect(token.top?.length).toBe(length);
});

test('a tokenizer without <|endoftext|> cannot put it before a text', async () => {
  const without = { ...tokenizer, endOfText: null };
  const scoring = scoreTexts(model, without, [SENTENCE], endoftext);
  await expect(scoring).rejects.toMatchObject({ code: 'end-of-text-missing', message: expect.stringContaining('<|') });
});

test.each([
  ['short texts', Array.from({ length: 40 }, () => SENTENCE)],
  ['a long text', [LONG]],
  ['nothing', ['']],
])('progress rises to its total: %s', async (_, texts) => {
  const reports: Progress[] = [];
  await scoreTexts(model, tokenizer, texts, { ...unscored, onProgress: progress => reports.push(progress) });
  const done = reports.map(progress => progress.done);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(reports[0]).toMatchObject({ done: 0, unit: 'tokens' });
  expect(reports.at(-1)?.done).toBe(reports[0]?.total);
  for (const { secondsLeft = 0, rate = 0 } of reports) {
    expect([secondsLeft, rate].every(Number.isFinite)).toBe(true);
    expect(secondsLeft).toBeGreaterThanOrEqual(0);
  }
});

describe('a cancel', () => {
  test.each(['lastHiddenStates', 'statistics'] as const)('is seen after the run under way: %s', async method => {
    const abort = new AbortController();
    const run = model[method].bind(model) as (...given: never[]) => Promise<unknown>;
    let runsAfter = -1;
    for (const name of ['lastHiddenStates', 'statistics'] as const) {
      const original = model[name].bind(model) as (...given: never[]) => Promise<unknown>;
      vi.spyOn(model, name).mockImplementation((async (...given: never[]) => {
        if (abort.signal.aborted || runsAfter >= 0) runsAfter += 1;
        else if (name === method) [runsAfter] = [0, abort.abort()];
        return name === method ? run(...given) : original(...given);
      }) as never);
    }
    const scoring = scoreTexts(model, tokenizer, [LONG, LONG, LONG], { ...unscored, signal: abort.signal });
    await expect(scoring).rejects.toMatchObject({ code: 'cancelled' });
    expect(runsAfter).toBe(0);
  });

  test('before the start costs no run', async () => {
    const runs = vi.spyOn(model, 'lastHiddenStates');
    const scoring = scoreTexts(model, tokenizer, [SENTENCE], { ...unscored, signal: AbortSignal.abort() });
    await expect(scoring).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs).not.toHaveBeenCalled();
  });
});

describe('next tokens', () => {
  const ask = async (request: Parameters<typeof nextTokens>[3], reading = new Reading(model)) =>
    (await nextTokens(model, tokenizer, reading, request)).next;

  test('the token that stands there has the probability and rank that scoring gives it', async () => {
    const { tokens } = await scored(SENTENCE);
    for (const token of tokens.slice(1)) {
      const { actual, context, position } = await ask({ text: SENTENCE, offset: token.start, top: 1 });
      expect(actual).toMatchObject({ id: token.id, text: token.text, start: token.start, end: token.end });
      expect(actual?.probability).toBeCloseTo(token.probability as number, 6);
      expect(actual?.rank).toBe(token.rank);
      expect(position).toBe(token.start);
      expect(context.tokens.map(({ text }) => text).join('')).toBe(SENTENCE.slice(0, token.start));
    }
  });

  test('at the start, <|endoftext|> stands for the empty context', async () => {
    const { context, actual, position } = await ask({ text: SENTENCE, offset: 0, top: 1 });
    expect(context.tokens).toEqual([{ id: 0, text: '<|endoftext|>', raw: '<|endoftext|>' }]);
    const { tokens } = await scored(SENTENCE, endoftext);
    expect(actual?.probability).toBeCloseTo(tokens[0]?.probability as number, 6);
    expect(position).toBe(0);
  });

  test('without <|endoftext|> an empty context is refused', async () => {
    const without = { ...tokenizer, endOfText: null };
    const asking = nextTokens(model, without, new Reading(model), { text: '', top: 1 });
    await expect(asking).rejects.toMatchObject({ code: 'context-empty' });
  });

  test.each([
    [0, 0],
    [1, 1],
    [512, 512],
    [9999, 512],
  ])('top %d of 512', async (top, length) => {
    const { predictions } = await ask({ text: SENTENCE, top });
    expect(predictions.map(({ rank }) => rank)).toEqual(Array.from({ length }, (_, index) => index + 1));
    const probabilities = predictions.map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
  });

  test.each([
    [5, 5],
    [32, 32],
    [1000, 32],
    [undefined, 32],
    [0, 1], // <|endoftext|>
  ])('a context length of %s gives %d tokens of a longer text', async (contextLength, length) => {
    const request = { text: LONG, top: 1, ...(contextLength !== undefined && { contextLength }) };
    expect((await ask(request)).context.tokens).toHaveLength(length);
  });

  test('what was read ahead makes the next question in the window cost no run of the trunk', async () => {
    const reading = new Reading(model);
    const first = await nextTokens(model, tokenizer, reading, { text: LONG, offset: 40, top: 1 });
    expect(first.window).toHaveLength(32);
    await reading.read(first.window);
    const runs = vi.spyOn(model, 'hiddenStates');
    for (const offset of [5, 30, 41, 20]) await ask({ text: LONG, offset, top: 1 }, reading);
    expect(runs).not.toHaveBeenCalled();
  });
});

test('an id that the tokenizer does not have is shown as a number', () => {
  const small = { vocabularySize: 2, tokenText: (id: number) => ['a', 'b'][id] } as Tokenizer;
  expect(alternatives(small, [1, 2], [0.75, 0.25])).toEqual([
    { id: 1, text: 'b', probability: 0.75 },
    { id: 2, text: '⟨2⟩', probability: 0.25 },
  ]);
});
