import { cp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Gpt2 } from '../../../src/gpt2/model.ts';
import type { EngineApi } from '../../../src/protocol/engine.ts';
import { Reading } from '../../../src/scoring/reading.ts';
import { copyOf, FIXTURES, testEngine, TINY } from './testEngine.ts';

afterEach(() => void vi.restoreAllMocks());

const SENTENCE = 'The movie was full of surprises';
const LONG = Array.from({ length: 200 }, () => SENTENCE).join('. ');

const perplexity = async (engine: EngineApi, model: string): Promise<unknown> => {
  const scored = await engine.score({ model, device: 'cpu', texts: [SENTENCE], firstToken: 'unscored', top: 0 });
  return scored.ok ? scored.value.texts[0]?.perplexity : scored.error.code;
};

const names = ['head-size-12', 'unscaled-attention-bf16', 'as-published'] as const;

test('a folder removed after it was loaded: the next request says so, and nothing crashes', async () => {
  const { engine, folder } = await testEngine();
  const model = await copyOf('head-size-12', folder, 'leaving');
  const before = await perplexity(engine, model);
  await rm(model, { recursive: true });
  for (const request of [
    engine.score({ model, device: 'cpu', texts: [SENTENCE], firstToken: 'unscored', top: 0 }),
    engine.next({ model, device: 'cpu', text: SENTENCE, top: 1 }),
    engine.load({ model, device: 'cpu' }),
    engine.tokenize({ model, text: SENTENCE }),
  ]) {
    expect(await request).toMatchObject({
      ok: false,
      error: { code: 'model-folder-gone', message: expect.stringContaining(model) },
    });
  }
  await copyOf('head-size-12', folder, 'leaving');
  expect(await perplexity(engine, model)).toBeCloseTo(before as number, 6);
});

test('a folder removed while it is scoring: the scoring ends', async () => {
  const { engine, folder } = await testEngine();
  const model = await copyOf('head-size-12', folder, 'leaving');
  let removing: Promise<void> | undefined;
  const scored = await engine.score(
    { model, device: 'cpu', texts: [LONG], firstToken: 'unscored', top: 0 },
    { onProgress: ({ done }) => void (done > 0 && (removing ??= rm(model, { recursive: true }))) },
  );
  await removing;
  expect(removing).toBeDefined();
  expect(scored).toMatchObject({ ok: true });
});

test.each([
  ['model', 'head-size-64-untied-gelu'],
  ['model in another element type', 'relu-inner-f16'],
])('a folder replaced by another %s is loaded anew', async (_, other) => {
  const { engine, folder } = await testEngine();
  const model = await copyOf('head-size-12', folder, 'replaced');
  const before = await perplexity(engine, model);
  await rename(model, `${model}-before`);
  await cp(path.join(FIXTURES, other), model, { recursive: true });
  const after = await perplexity(engine, model);
  expect(after).toBeCloseTo((await perplexity(engine, path.join(FIXTURES, other))) as number, 6);
  expect(after).not.toBeCloseTo(before as number, 1);
});

test('a tokenizer that was replaced is used by the next request', async () => {
  const { engine, folder } = await testEngine();
  const model = await copyOf('gpt2-vocabulary', folder, 'retokenized');
  const tokens = async () => {
    const scored = await engine.score({ model, device: 'cpu', texts: [SENTENCE], firstToken: 'unscored', top: 0 });
    return scored.ok && scored.value.texts[0]?.tokens.length;
  };
  expect(await tokens()).toBe(6);
  await writeFile(path.join(model, 'merges.txt'), '#version: 0.2\n'); // without merges every byte is a token
  expect(await tokens()).toBe(SENTENCE.length);
});

describe('loads', () => {
  const watched = () => {
    const disposed = vi.spyOn(Gpt2.prototype, 'dispose');
    const models = new Set<unknown>();
    const original = Gpt2.prototype.statistics;
    vi.spyOn(Gpt2.prototype, 'statistics').mockImplementation(function (this: Gpt2, ...given) {
      models.add(this);
      return original.apply(this, given);
    });
    return { disposed, models };
  };

  test('a model that is loaded is not loaded again', async () => {
    const { engine } = await testEngine();
    const { models } = watched();
    await Promise.all([perplexity(engine, TINY), perplexity(engine, TINY)]);
    await perplexity(engine, TINY);
    expect(models.size).toBe(1);
  });

  test('three models at once are all answered; then two are kept, and the third is loaded anew', async () => {
    const { engine } = await testEngine();
    const { disposed, models } = watched();
    const folders = names.map(name => path.join(FIXTURES, name));
    const together = await Promise.all(folders.map(folder => perplexity(engine, folder)));
    expect(models.size).toBe(3);
    expect(disposed).toHaveBeenCalledTimes(1);
    const again: unknown[] = [];
    for (const folder of folders) again.push(await perplexity(engine, folder));
    for (const [index, value] of again.entries()) expect(value).toBeCloseTo(together[index] as number, 3);
    expect(models.size - disposed.mock.calls.length).toBe(2);
  });

  test('the least recently used goes first', async () => {
    const { engine } = await testEngine();
    const { models } = watched();
    const [first, second, third] = names.map(name => path.join(FIXTURES, name)) as [string, string, string];
    for (const folder of [first, second, first, third, first]) await perplexity(engine, folder);
    expect(models.size).toBe(3);
    await perplexity(engine, second);
    expect(models.size).toBe(4);
  });

  test('a tokenizer that does not match is told before the weights are loaded', async () => {
    const { engine, folder } = await testEngine();
    const model = await copyOf('head-size-12', folder, 'mismatched');
    await cp(path.resolve('models/starter/tokenizer.json'), path.join(model, 'tokenizer.json'));
    await rm(path.join(model, 'model.safetensors'));
    await cp(path.join(FIXTURES, 'as-published/model.safetensors'), path.join(model, 'model.safetensors'));
    expect(await perplexity(engine, model)).toBe('tokenizer-mismatch');
  });
});

describe('cancel', () => {
  const model = path.join(FIXTURES, 'relu-inner-f16'); // whose weights are read when it is loaded
  const cancelled = { ok: false, error: { code: 'cancelled' } };

  test('while it loads, and the next request loads it', async () => {
    const { engine } = await testEngine();
    const abort = new AbortController();
    const loading = engine.load({ model, device: 'cpu' }, { signal: abort.signal });
    abort.abort();
    expect(await loading).toMatchObject(cancelled);
    expect(await engine.load({ model, device: 'cpu' })).toMatchObject({ ok: true });
  });

  test.each([0, 1])('of one of two that wait for a load (the %d.) leaves the other alone', async which => {
    const { engine } = await testEngine();
    const aborts = [new AbortController(), new AbortController()];
    const loads = aborts.map(({ signal }) => engine.load({ model, device: 'cpu' }, { signal }));
    aborts[which]?.abort();
    expect(await loads[which]).toMatchObject(cancelled);
    expect(await loads[1 - which]).toMatchObject({ ok: true });
  });

  test('while it scores, and the next request is right', async () => {
    const { engine } = await testEngine();
    const before = await perplexity(engine, TINY);
    const abort = new AbortController();
    const scoring = engine.score(
      { model: TINY, device: 'cpu', texts: [LONG], firstToken: 'unscored', top: 0 },
      { signal: abort.signal, onProgress: ({ done }) => done > 0 && abort.abort() },
    );
    expect(await scoring).toMatchObject(cancelled);
    expect(await perplexity(engine, TINY)).toBeCloseTo(before as number, 6);
  });
});

describe('questions', () => {
  test('one is answered while a long text is scored', async () => {
    const { engine } = await testEngine();
    await engine.load({ model: TINY, device: 'cpu' });
    const order: string[] = [];
    let asking: Promise<unknown> | undefined;
    const ask = async () => {
      const next = await engine.next({ model: TINY, device: 'cpu', text: SENTENCE, top: 1 });
      order.push(next.ok ? 'answered' : next.error.code);
    };
    const scored = await engine.score(
      { model: TINY, device: 'cpu', texts: [LONG.repeat(20)], firstToken: 'unscored', top: 0 },
      { onProgress: ({ done }) => void (done > 0 && (asking ??= ask())) },
    );
    order.push(scored.ok ? 'scored' : scored.error.code);
    await asking;
    expect(order).toEqual(['answered', 'scored']);
  });

  test('reading ahead is ended by the next question, also where two were answered at once', async () => {
    const { engine } = await testEngine();
    const signals: AbortSignal[] = [];
    const original = Reading.prototype.read;
    vi.spyOn(Reading.prototype, 'read').mockImplementation(function (this: Reading, ids, signal) {
      if (signal) signals.push(signal);
      return original.call(this, ids, signal);
    });
    const ask = (offset: number) => engine.next({ model: TINY, device: 'cpu', text: LONG, offset, top: 1 });
    await Promise.all([ask(50), ask(900)]);
    await expect.poll(() => signals.length).toBeGreaterThan(0);
    await setTimeout(20); // both would have begun by now
    const ahead = [...signals];
    await ask(2000);
    expect(ahead.map(({ aborted }) => aborted)).toEqual(ahead.map(() => true));
  });
});
