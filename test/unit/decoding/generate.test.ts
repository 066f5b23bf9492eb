import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../../src/decoding/generate.ts';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../src/gpt2/model.ts';
import type {
  DecodingSettings,
  Generated,
  GenerateRequest,
  GenerationUpdate,
} from '../../../src/protocol/generation.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.ts';

// A context of 32 tokens, 512 ids, <|endoftext|> is 0.
const FOLDER = 'test/parity/fixtures/head-size-12';
const GREEDY = { decoding: 'greedy', maxNewTokens: 10 } as const;
const SAMPLE = { decoding: 'sample', maxNewTokens: 10, seed: 11 } as const;
const BEAM = { decoding: 'beam', maxNewTokens: 10, beams: 4 } as const;

let model: Gpt2;
let tokenizer: Tokenizer;
beforeAll(async () => {
  model = await loadGpt2(FOLDER, { device: 'cpu' });
  tokenizer = await loadTokenizer(FOLDER);
});
afterAll(() => model.dispose());

async function decoded(
  settings: readonly DecodingSettings[],
  request: Partial<GenerateRequest> = {},
  signal?: AbortSignal,
): Promise<Generated & { updates: GenerationUpdate[] }> {
  const running = generate(model, tokenizer, { prompt: 'The movie was', top: 2, ...request, settings }, { signal });
  const updates: GenerationUpdate[] = [];
  for (;;) {
    const { done, value } = await running.next();
    if (done) return { ...value, updates };
    updates.push(value);
  }
}

const only = async (settings: DecodingSettings, request?: Partial<GenerateRequest>) => {
  const { columns } = await decoded([settings], request);
  return columns[0]?.generations[0] as Generated['columns'][number]['generations'][number];
};
const ids = ({ tokens }: { readonly tokens: ReadonlyArray<{ id: number }> }) => tokens.map(({ id }) => id);
const columnsOf = ({ columns }: Generated) => columns.map(({ generations }) => generations.map(ids));

describe('together and alone', () => {
  const settings: DecodingSettings[] = [
    GREEDY,
    { ...GREEDY, repetitionPenalty: 1.5, maxNewTokens: 4 },
    { ...SAMPLE, count: 3 },
    { ...BEAM, returned: 2 },
    { ...SAMPLE, temperature: 0.7, topK: 30, topP: 0.9 },
    { ...SAMPLE, seed: 12, typicalP: 0.6, noRepeatNgram: 1 },
  ];

  it('every column is what it is alone', async () => {
    const alone = await Promise.all(settings.map(async column => columnsOf(await decoded([column]))[0]));
    expect(columnsOf(await decoded(settings))).toEqual(alone);
    expect(columnsOf(await decoded([...settings].reverse())).reverse()).toEqual(alone);
  });

  it('the same seed gives the same samples, however many; another seed gives others', async () => {
    const few = columnsOf(await decoded([{ ...SAMPLE, count: 2 }]))[0];
    const many = columnsOf(await decoded([{ ...SAMPLE, count: 20 }]))[0];
    expect(many?.slice(0, 2)).toEqual(few);
    expect(new Set(many?.map(String)).size).toBe(20);
    expect(columnsOf(await decoded([{ ...SAMPLE, seed: 12, count: 2 }]))[0]).not.toEqual(few);
  });

  it('a seed that was not given is told, and gives the text again', async () => {
    const { seed, ...unseeded } = SAMPLE;
    const first = await decoded([unseeded]);
    const again = await decoded([{ ...unseeded, seed: first.columns[0]?.seed as number }]);
    expect(first.columns[0]?.seed).not.toBe(seed);
    expect(columnsOf(again)).toEqual(columnsOf(first));
  });

  it('a branch is what the longer prompt gives', async () => {
    const prompt = 'The movie was full of surprises';
    const forced = tokenizer.ids(' full of surprises');
    expect(tokenizer.ids(prompt)).toEqual([...tokenizer.ids('The movie was'), ...forced]);
    for (const settings of [GREEDY, SAMPLE, BEAM]) {
      const branch = await only({ ...settings, noRepeatNgram: 2 }, { prompt: 'The movie was', forced });
      expect(branch).toEqual(await only({ ...settings, noRepeatNgram: 2 }, { prompt }));
    }
  });
});

describe('how it ends', () => {
  const END = { bias: [{ id: 0, value: 100 }] };

  it.each([GREEDY, SAMPLE, BEAM])('at $decoding’s end token, which is no text', async settings => {
    expect(await only({ ...settings, ...END })).toMatchObject({
      text: '',
      finishReason: 'endoftext',
      tokens: [{ id: 0 }],
    });
  });

  describe('where config.json names other end tokens', () => {
    let folder: string;
    let other: Gpt2;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'end-tokens-'));
      await cp(FOLDER, folder, { recursive: true });
      const config = JSON.parse(await readFile(join(FOLDER, 'config.json'), 'utf8')) as object;
      await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, eos_token_id: [7, 9] }));
      other = await loadGpt2(folder, { device: 'cpu' });
    });
    afterAll(async () => {
      await other.dispose();
      await rm(folder, { recursive: true });
    });

    it.each([GREEDY, SAMPLE, BEAM])('$decoding ends at each of them, and not at <|endoftext|>', async settings => {
      const towards = (id: number) => ({ ...settings, maxNewTokens: 3, bias: [{ id, value: 100 }] });
      const request = { prompt: 'The movie was', top: 0, settings: [towards(7), towards(9), towards(0)] };
      const running = generate(other, tokenizer, request);
      let step = await running.next();
      while (!step.done) step = await running.next();
      const endings = step.value.columns.map(({ generations: [generation] }) => [
        generation?.finishReason,
        generation && ids(generation),
      ]);
      expect(endings).toEqual([
        ['endoftext', [7]],
        ['endoftext', [9]],
        ['length', [0, 0, 0]],
      ]);
    });
  });

  it.each([GREEDY, SAMPLE, BEAM])('after the tokens that $decoding may make', async settings => {
    const { finishReason, tokens } = await only({ ...settings, maxNewTokens: 3 });
    expect([finishReason, tokens.length]).toEqual(['length', 3]);
  });

  it.each([GREEDY, SAMPLE, BEAM])(
    '$decoding at the end of the context, with the token that it still predicts',
    async settings => {
      const prompt = 'a'.repeat(200);
      const longest = { prompt: tokenizer.decode(tokenizer.ids(prompt).slice(0, 30)) };
      expect(tokenizer.ids(longest.prompt)).toHaveLength(30);
      const { finishReason, tokens } = await only({ ...settings, ban: [0] }, longest);
      expect([finishReason, tokens.length]).toEqual(['context', 3]);
    },
  );

  it('a stop string over tokens: the text ends before it, and nothing of it was streamed', async () => {
    const free = await only({ ...GREEDY, noRepeatNgram: 1, maxNewTokens: 20 });
    const at = free.text.search(/[a-z] ?[a-z]{3}/i) + 1;
    const stop = free.text.slice(at, at + 3);
    const { columns, updates } = await decoded([
      { ...GREEDY, noRepeatNgram: 1, maxNewTokens: 20, stop: ['never', stop] },
    ]);
    const [stopped] = columns[0]?.generations ?? [];
    expect(stopped).toMatchObject({ finishReason: 'stop', text: free.text.slice(0, free.text.indexOf(stop)) });
    expect(updates.map(update => ('text' in update ? update.text : '')).join('')).toBe(stopped?.text);
  });
});

describe('past the end of the context', () => {
  const LONG = { maxNewTokens: 60, pastContext: 'slide', ban: [0] } as const;

  it('slides: the newest half is read anew', async () => {
    const { finishReason, tokens } = await only({ ...GREEDY, ...LONG });
    expect([finishReason, tokens.length]).toEqual(['length', 60]);
    // From the slide on, it is what the newest 16 of the 33 ids are followed by.
    const prompt = tokenizer.ids('The movie was');
    const newest = [...prompt, ...ids({ tokens })].slice(33 - 16, 33);
    const anew = await only(
      { ...GREEDY, ban: [0] },
      { prompt: tokenizer.tokenText(newest[0] ?? 0), forced: newest.slice(1) },
    );
    expect(ids({ tokens }).slice(33 - prompt.length, 43 - prompt.length)).toEqual(ids(anew));
  });

  it('slides alike alone and beside others, also where these stop', async () => {
    const settings = [
      { ...GREEDY, ...LONG },
      { ...SAMPLE, ...LONG, count: 3 },
      { ...GREEDY, maxNewTokens: 60 },
      { ...BEAM, ...LONG },
    ];
    const alone = await Promise.all(settings.map(async column => columnsOf(await decoded([column]))[0]));
    expect(columnsOf(await decoded(settings))).toEqual(alone);
  });
});

describe('what is told of a token', () => {
  it('the model’s own figures, also where filters leave little', async () => {
    const filtered = await only({ ...SAMPLE, topK: 3, temperature: 2 });
    const [first] = filtered.tokens;
    const likeliest = (await only(GREEDY, { top: 3 })).tokens[0];
    const chosen = likeliest?.top?.[(first?.rank ?? 0) - 1];
    expect(chosen).toMatchObject({ id: first?.id, probability: first?.probability });
    expect(first?.left.tokens).toBe(3);
    expect(first?.left.probability).toBeCloseTo(
      likeliest?.top?.reduce((sum, { probability }) => sum + probability, 0) ?? 0,
    );
    // Half the log-probabilities, normalized over three.
    const roots = likeliest?.top?.map(({ probability }) => Math.sqrt(probability)) ?? [];
    const chance = Math.sqrt(first?.probability ?? 0) / roots.reduce((sum, root) => sum + root, 0);
    expect(first?.left.chance).toBeCloseTo(chance);
  });

  it('where nothing is changed, everything is left', async () => {
    const [token] = (await only(GREEDY)).tokens;
    expect(token?.left).toEqual({ tokens: 512, probability: 1, chance: token?.probability });
    expect(token?.rank).toBe(1);
  });

  it('log-probabilities add up', async () => {
    const { tokens, logProbability } = await only({ ...SAMPLE, repetitionPenalty: 1.2 });
    expect(logProbability).toBeCloseTo(tokens.reduce((sum, { probability }) => sum + Math.log(probability), 0));
  });
});

describe('streaming and cancelling', () => {
  it('the updates of a sample are its tokens, its text and its end', async () => {
    const { columns, updates } = await decoded([GREEDY, { ...SAMPLE, count: 2 }, { ...BEAM, returned: 2 }]);
    for (const [column, { generations }] of columns.entries()) {
      for (const [sample, generation] of generations.entries()) {
        const own = updates.filter(
          update => update.kind !== 'beams' && update.column === column && update.sample === sample,
        );
        expect(own.flatMap(update => (update.kind === 'token' ? [update.token] : []))).toEqual(generation.tokens);
        expect(own.map(update => (update.kind === 'beams' ? '' : update.text)).join('')).toBe(generation.text);
        expect(own.at(-1)).toMatchObject({ kind: 'finished', reason: generation.finishReason });
      }
    }
  });

  it('the beams of each step descend from those of the step before', async () => {
    const { updates } = await decoded([{ ...BEAM, returned: 4, bias: [{ id: 0, value: 4 }] }]);
    const steps = updates.flatMap(update => (update.kind === 'beams' ? [update.beams] : []));
    for (const [index, beams] of steps.entries()) {
      const before =
        index === 0 ? [{ text: '', logProbability: 0 }] : (steps[index - 1] ?? []).filter(({ finished }) => !finished);
      for (const { parent, text, logProbability } of beams) {
        expect(text.startsWith(before[parent]?.text as string)).toBe(true);
        expect(logProbability).toBeLessThanOrEqual(before[parent]?.logProbability as number);
      }
    }
  });

  it('a cancel is seen before the next token', async () => {
    const abort = new AbortController();
    const request = {
      prompt: 'The',
      settings: [{ ...GREEDY, maxNewTokens: 1000, pastContext: 'slide' as const, ban: [0] }],
      top: 0,
    };
    const running = generate(model, tokenizer, request, { signal: abort.signal });
    const taken: GenerationUpdate[] = [];
    const all = async (): Promise<void> => {
      for await (const update of running) {
        taken.push(update);
        if (taken.length === 5) abort.abort();
      }
    };
    await expect(all()).rejects.toMatchObject({ code: 'cancelled' });
    expect(taken).toHaveLength(5);
  });

  it('a call that is cancelled already reads nothing', async () => {
    await expect(decoded([GREEDY], {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('prompts', () => {
  it('an empty one is <|endoftext|>, and says so', async () => {
    const empty = await decoded([GREEDY], { prompt: '' });
    expect(empty.prompt).toMatchObject([{ id: 0, text: '<|endoftext|>' }]);
    expect(columnsOf(empty)).toEqual(columnsOf(await decoded([GREEDY], { prompt: '<|endoftext|>' })));
  });

  it('one that the context does not hold is refused with both numbers', async () => {
    const prompt = tokenizer.decode(Array.from({ length: 33 }, () => 325));
    await expect(decoded([GREEDY], { prompt })).rejects.toMatchObject({
      code: 'prompt-too-long',
      message: expect.stringMatching(/33 tokens.*32/),
    });
  });

  it.each([
    ['bias', [{ ...GREEDY, bias: [{ id: 512, value: 1 }] }], {}],
    ['ban', [{ ...GREEDY, ban: [3, 99999] }], {}],
    ['The branch', [GREEDY], { forced: [512] }],
  ])('ids that the model does not have are refused: %s', async (where, settings, request) => {
    await expect(decoded(settings, request)).rejects.toMatchObject({
      code: 'token-unknown',
      message: expect.stringContaining(where),
    });
  });

  it('says so when nothing is left to choose from', async () => {
    const ban = Array.from({ length: 512 }, (_, id) => id);
    for (const settings of [GREEDY, SAMPLE, BEAM])
      await expect(decoded([{ ...settings, ban }])).rejects.toMatchObject({ code: 'nothing-left' });
  });
});
