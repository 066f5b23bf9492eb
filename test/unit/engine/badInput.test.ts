import { cp, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EngineApi } from '../../../src/protocol/engine.ts';
import { changeConfig, copyOf, FIXTURES, spoil, testEngine, TINY } from './testEngine.ts';

const score = (engine: EngineApi, model: string, text = 'The movie was full of surprises') =>
  engine.score({ model, device: 'cpu', texts: [text], firstToken: 'unscored', top: 1 });

const weights = (model: string): string => path.join(model, 'model.safetensors');

interface BadModel {
  readonly name: string;
  readonly make: (folder: string) => Promise<string>;
  readonly code: string;
  readonly message: RegExp;
}

const spoiled =
  (change: (model: string) => Promise<unknown>) =>
  async (folder: string): Promise<string> => {
    const model = await copyOf('head-size-12', folder, 'bad');
    await change(model);
    return model;
  };

const BAD_MODELS: readonly BadModel[] = [
  { name: 'no such id', make: async () => 'nowhere', code: 'model-unknown', message: /"nowhere"/ },
  { name: 'no such folder', make: async folder => path.join(folder, 'bad'), code: 'model-folder-gone', message: /bad/ },
  {
    name: 'an empty folder',
    make: async folder => {
      await mkdir(path.join(folder, 'bad'));
      return path.join(folder, 'bad');
    },
    code: 'config-missing',
    message: /bad.*config\.json/,
  },
  {
    name: 'not a GPT-2',
    make: spoiled(model => changeConfig(model, { model_type: 'llama' })),
    code: 'architecture-unsupported',
    message: /"llama"/,
  },
  {
    name: 'no weights',
    make: spoiled(model => rm(weights(model))),
    code: 'weights-missing',
    message: /model\.safetensors/,
  },
  {
    name: 'corrupt weights',
    make: spoiled(model =>
      writeFile(weights(model), 'not a safetensors file at all, but some text that is longer than a header'),
    ),
    code: 'weights-corrupt',
    message: /model\.safetensors/,
  },
  {
    name: 'truncated weights',
    make: spoiled(model => truncate(weights(model), 50_000)),
    code: 'weights-truncated',
    message: /50000/,
  },
  {
    name: 'a tokenizer with more ids than the model',
    make: spoiled(model => cp(path.resolve('models/starter/tokenizer.json'), path.join(model, 'tokenizer.json'))),
    code: 'tokenizer-mismatch',
    message: /50257.*512/,
  },
  {
    name: 'no tokenizer',
    make: spoiled(model => rm(path.join(model, 'tokenizer.json'))),
    code: 'tokenizer-missing',
    message: /bad/,
  },
  {
    name: 'another vocabulary in config.json',
    make: spoiled(model => changeConfig(model, { vocab_size: 500 })),
    code: 'tensor-misshapen',
    message: /"wte\.weight" is \[512, 24\].*\[500, 24\]/,
  },
  {
    name: 'more layers than weights',
    make: spoiled(model => changeConfig(model, { n_layer: 3 })),
    code: 'tensor-missing',
    message: /"h\.2\.ln_1\.weight"/,
  },
  {
    name: 'a field that is not supported',
    make: spoiled(model => changeConfig(model, { activation_function: 'silu' })),
    code: 'config-unsupported',
    message: /"silu"/,
  },
  {
    name: 'NaN in the weights',
    make: spoiled(model => spoil(model, 'transformer.h.1.mlp.c_proj.weight', Number.NaN)),
    code: 'weights-not-a-number',
    message: /"h\.1\.mlp\.c_proj\.weight".*NaN/,
  },
];

describe.each(BAD_MODELS)('$name', ({ make, code, message }) => {
  test('is told in words, and the engine goes on', async () => {
    const { engine, folder } = await testEngine();
    const model = await make(folder);
    const reason = { code, message: expect.stringMatching(message), remedy: expect.stringMatching(/^.{10,}\.$/s) };
    expect(await score(engine, model)).toEqual({ ok: false, error: reason });
    expect(await engine.next({ model, device: 'cpu', text: 'The', top: 1 })).toEqual({ ok: false, error: reason });
    expect(await score(engine, TINY)).toMatchObject({ ok: true });
  });
});

test('a bad model that was mended is loaded', async () => {
  const { engine, folder } = await testEngine();
  const model = await copyOf('head-size-12', folder, 'mended');
  await changeConfig(model, { vocab_size: 500 });
  expect(await score(engine, model)).toMatchObject({ ok: false });
  await changeConfig(model, { vocab_size: 512 });
  expect(await score(engine, model)).toMatchObject({ ok: true });
});

test('a device that is not there is not replaced by another', async () => {
  const { engine } = await testEngine();
  const device = process.platform === 'win32' ? 'coreml' : 'dml';
  expect(await engine.load({ model: TINY, device })).toMatchObject({
    ok: false,
    error: { code: 'device-unavailable', message: expect.stringContaining(device) },
  });
});

test('auto takes the CPU where nothing better works, and says of each better device why not', async () => {
  const { engine } = await testEngine();
  const loaded = await engine.load({ model: TINY });
  expect(loaded).toMatchObject({ ok: true, value: { device: { device: expect.stringMatching(/^(cpu|cuda|dml)$/) } } });
  if (!loaded.ok) return;
  const { device, passedOver } = loaded.value.device;
  if (device === 'cpu' && process.platform === 'linux' && process.arch === 'x64') {
    expect(passedOver).toEqual([
      { device: 'cuda', reason: expect.stringMatching(/\.$/), remedy: expect.stringMatching(/CUDA/) },
    ]);
  }
});

describe('texts that are hard to read', () => {
  test.each([
    ['NUL bytes', '\u0000a\u0000\u0000', '\u0000a\u0000\u0000'],
    ['a lone high surrogate', 'a\ud83d b', 'a\ufffd b'],
    ['a lone low surrogate', '\ude00', '\ufffd'],
    ['surrogates the wrong way round', '\ude00\ud83d', '\ufffd\ufffd'],
    ['control characters', '\u0001\u001b[0m\u007f\u0085\ufeff', '\u0001\u001b[0m\u007f\u0085\ufeff'],
  ])('%s', async (_, text, readAs) => {
    const { engine } = await testEngine();
    const [given, plain] = [await score(engine, TINY, text), await score(engine, TINY, readAs)];
    expect(given).toMatchObject({ ok: true, value: { texts: [{ text }] } });
    if (!given.ok || !plain.ok) throw new Error('was not scored');
    const [one, other] = [given.value.texts[0]?.tokens, plain.value.texts[0]?.tokens];
    expect(one?.map(({ id, start, end }) => [id, start, end])).toEqual(
      other?.map(({ id, start, end }) => [id, start, end]),
    );
    expect(one?.at(-1)?.end).toBe(text.length);
    expect(one?.slice(1).every(({ surprisal }) => Number.isFinite(surprisal))).toBe(true);
  });

  test.each(['', 'a'])('%j has no score and no error', async text => {
    const { engine } = await testEngine();
    expect(await score(engine, TINY, text)).toMatchObject({
      ok: true,
      value: { texts: [{ perplexity: null, scoredTokens: 0, tokens: { length: text.length } }] },
    });
  });
});

test('a megabyte is scored to its end', { timeout: 120_000 }, async () => {
  const { engine } = await testEngine();
  const text = 'The movie was full of surprises. '.repeat(2 ** 20 / 32);
  let last = 0;
  const scored = await engine.score(
    { model: path.join(FIXTURES, 'head-size-12'), device: 'cpu', texts: [text], firstToken: 'unscored', top: 0 },
    { onProgress: ({ done, total = 1 }) => void (last = done / total) },
  );
  expect(text.length).toBeGreaterThan(1_000_000);
  if (!scored.ok) throw new Error(scored.error.message);
  const [{ tokens, scoredTokens, perplexity } = { tokens: [], scoredTokens: 0, perplexity: 0 }] = scored.value.texts;
  expect(last).toBe(1);
  expect(scoredTokens).toBe(tokens.length - 1);
  expect(tokens.at(-1)?.end).toBe(text.length);
  expect(perplexity).toBeGreaterThan(1);
});
