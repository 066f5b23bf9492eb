import { existsSync, readdirSync } from 'node:fs';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { isMaskBuffer } from '../../../src/models/modules.ts';
import { readHeader } from '../../../src/models/safetensors.ts';
import type { CompareResult } from '../../../src/protocol/evaluation/folder.ts';
import { isCompared } from '../../../src/protocol/evaluation/rows.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { copyOf, FIXTURES, spoil, testEngine } from './testEngine.ts';

/** Of 64 inputs a row, so that its matrices are kept in blocks. */
const MODEL = 'as-published';
const TEXT = 'The movie was full of surprises';
const score = (model: string) => ({ model, device: 'cpu', texts: [TEXT], firstToken: 'unscored', top: 0 }) as const;

describe('a model of the list', () => {
  test('is loaded in the precision that was chosen for it, until another is asked for', async () => {
    const { engine, folder } = await testEngine();
    const { id } = await valueOf(engine.addModel({ source: await copyOf(MODEL, folder, 'mine') }));
    expect(await valueOf(engine.setPrecision({ id, precision: 'int4' }))).toMatchObject({ id, precision: 'int4' });
    expect((await valueOf(engine.score(score(id)))).device).toMatchObject({ precision: 'int4' });
    expect((await valueOf(engine.score({ ...score(id), precision: 'f32' }))).device.precision).toBe('f32');
    expect((await valueOf(engine.setPrecision({ id, precision: 'f32' }))).precision).toBeUndefined();
    expect((await valueOf(engine.score(score(id)))).device.precision).toBe('f32');
  });

  test('that is removed leaves nothing of what was kept of it', async () => {
    const { engine, folder } = await testEngine();
    const { id } = await valueOf(engine.addModel({ source: await copyOf(MODEL, folder, 'mine') }));
    await valueOf(engine.load({ model: id, device: 'cpu', precision: 'int8' }));
    const kept = path.join(folder, 'home', 'precisions');
    expect(readdirSync(kept)).toHaveLength(1);
    await valueOf(engine.removeModel({ id, deleteDownload: false }));
    expect(readdirSync(kept)).toHaveLength(0);
  });

  test('that is an adapter leaves nothing either, nor what was kept before it was trained again', async () => {
    const { engine, folder } = await testEngine();
    const adapter = await copyOf('../classify/fixtures/language-adapter', folder, 'adapter');
    await copyOf('../classify/fixtures/language-base', folder, 'language-base');
    const { id } = await valueOf(engine.addModel({ source: adapter }));
    const homes = ['precisions', 'converted'].map(name => path.join(folder, 'home', name));
    await valueOf(engine.load({ model: id, device: 'cpu', precision: 'f16' }));
    const [before] = homes.map(home => readdirSync(home));
    await utimes(path.join(adapter, 'adapter_model.safetensors'), 1, 1);
    await valueOf(engine.load({ model: id, device: 'cpu', precision: 'f16' }));
    const after = homes.map(home => readdirSync(home));
    expect(after.map(names => names.length)).toEqual([1, 1]);
    expect(after[0]).not.toEqual(before);
    await valueOf(engine.removeModel({ id, deleteDownload: false }));
    expect(homes.map(home => readdirSync(home))).toEqual([[], []]);
  });

  test('that is not there has no precision', async () => {
    const { engine } = await testEngine();
    expect(await engine.setPrecision({ id: 'nobody', precision: 'int4' })).toMatchObject({
      ok: false,
      error: { code: 'model-unknown' },
    });
  });
});

describe('what is kept of a model', () => {
  test('is made anew when its weights change, in the place of what was there', async () => {
    const { engine, folder } = await testEngine();
    const model = await copyOf(MODEL, folder, 'mine');
    const before = await valueOf(engine.score({ ...score(model), precision: 'int8' }));
    await spoil(model, 'h.0.mlp.c_fc.weight', 3);
    const after = await valueOf(engine.score({ ...score(model), precision: 'int8' }));
    expect(after.texts[0]?.negativeLogLikelihood).not.toBe(before.texts[0]?.negativeLogLikelihood);
    const [own] = readdirSync(path.join(folder, 'home', 'precisions'));
    expect(readdirSync(path.join(folder, 'home', 'precisions', own as string))).toHaveLength(1);
  });

  test('is not there after a cancel', async () => {
    const { engine, folder } = await testEngine();
    const model = await copyOf(MODEL, folder, 'mine');
    const abort = new AbortController();
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done > 0) abort.abort();
    };
    const loaded = await engine.load({ model, device: 'cpu', precision: 'int4' }, { signal: abort.signal, onProgress });
    expect(loaded).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const files = (): string[] => readdirSync(path.join(folder, 'home'), { recursive: true, encoding: 'utf8' });
    await vi.waitFor(() => expect(files().filter(name => name.includes('int4'))).toEqual([]));
  });

  test.each(['int8', 'int4', 'f16'] as const)(
    'in %s is refused where a weight is not a number, by its name',
    async precision => {
      const { engine, folder } = await testEngine();
      const model = await copyOf(MODEL, folder, 'mine');
      await spoil(model, 'h.1.attn.c_proj.weight', Number.NaN);
      const scored = await engine.score({ ...score(model), precision });
      expect(scored).toMatchObject({
        ok: false,
        error: { code: 'weights-not-a-number', message: expect.stringContaining('"h.1.attn.c_proj.weight"') },
      });
    },
  );

  test('is refused in f16 where a weight is beyond its range, and not in bf16', async () => {
    const { engine, folder } = await testEngine();
    const model = await copyOf(MODEL, folder, 'mine');
    await spoil(model, 'h.1.attn.c_proj.weight', 1e5);
    expect(await engine.score({ ...score(model), precision: 'f16' })).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('in f16'), remedy: expect.stringContaining('bf16') },
    });
    expect(await engine.score({ ...score(model), precision: 'bf16' })).toMatchObject({ ok: true });
  });
});

describe('all that a model is used for', () => {
  test.each(['f16', 'bf16', 'int8', 'int4'] as const)('works in %s', async precision => {
    const { engine } = await testEngine();
    const model = path.join(FIXTURES, MODEL);
    const choice = { model, device: 'cpu', precision } as const;
    const next = await valueOf(engine.next({ ...choice, text: TEXT, top: 3 }));
    expect(next.predictions).toHaveLength(3);
    const settings = [
      { decoding: 'greedy', maxNewTokens: 6 },
      { decoding: 'beam', beams: 3, maxNewTokens: 6 },
      { decoding: 'sample', seed: 1, topK: 20, maxNewTokens: 6 },
    ] as const;
    const { columns } = await valueOf(engine.generate({ ...choice, prompt: TEXT, settings, top: 0 }));
    const [greedy] = columns;
    expect(columns.every(({ generations }) => generations[0]?.tokens.length === 6)).toBe(true);
    // What a cache gives is what the text gives that is read anew.
    const written = TEXT + (greedy?.generations[0]?.text ?? '');
    const again = await valueOf(engine.score({ ...score(model), precision, texts: [written] }));
    const logs = again.texts[0]?.tokens.slice(-6).map(({ probability }) => Math.log(probability as number)) ?? [];
    const found = greedy?.generations[0]?.tokens.map(({ probability }) => Math.log(probability)) ?? [];
    expect(again.texts[0]?.tokens).toHaveLength(next.context.tokens.length + 6);
    for (const [at, log] of found.entries()) expect(log).toBeCloseTo(logs[at] as number, 1);
    const vectors = await valueOf(engine.embed({ ...choice, texts: [TEXT], pooling: 'mean' }));
    expect(vectors.vectors[0]).toHaveLength(64);
  });
});

describe('a model compared with itself', () => {
  test('shows what fewer bits cost: perplexity, and the divergence from f32 by token', async () => {
    const { engine, folder } = await testEngine();
    const file = path.join(folder, 'texts.txt');
    await writeFile(file, `${TEXT}\nOne ends, another begins.\n`);
    const model = path.join(FIXTURES, MODEL);
    const request = {
      task: 'compare',
      models: [model, model, model],
      precisions: ['f32', 'int8', 'int4'],
      dataset: { file },
      compare: { of: 'texts' },
    } as const;
    const { result, rows } = await valueOf(engine.evaluateRows(request));
    const { models } = result as CompareResult;
    expect(models.map(({ model: name }) => name)).toEqual([`${model} f32`, `${model} int8`, `${model} int4`]);
    expect(models[0]?.divergence).toBeUndefined();
    const [, int8, int4] = models.map(({ divergence }) => divergence?.mean ?? 0) as [number, number, number];
    expect(int8).toBeGreaterThan(0);
    expect(int4).toBeGreaterThan(int8);
    for (const row of rows.filter(isCompared)) {
      expect(row.models[0]?.divergences).toBeUndefined();
      expect(row.models[1]?.divergences).toHaveLength(row.models[1]?.scoredTokens as number);
    }
  });

  test.each([
    [{ models: ['a', 'a'], precisions: ['f32', 'f32'] }],
    [{ models: ['a', 'a'], precision: 'int4' }],
    [{ models: ['a', 'b'], precisions: ['f32'] }],
    [{ models: ['a', 'b'], precisions: ['f32', 'int2'] }],
  ])('is refused as %j', async fields => {
    const { engine } = await testEngine();
    const request = { task: 'compare', dataset: { file: '/none.txt' }, compare: { of: 'texts' }, ...fields };
    expect(await engine.evaluateRows(request as never)).toMatchObject({ ok: false });
  });
});

describe('exporting', () => {
  test.each([
    ['f16', 'float16', 'F16'],
    ['bf16', 'bfloat16', 'BF16'],
    ['f32', 'float32', 'F32'],
  ] as const)('writes a folder in %s, and config.json says so', async (precision, dtype, stored) => {
    const { engine, folder } = await testEngine();
    const out = path.join(folder, 'out');
    const model = path.join(FIXTURES, MODEL);
    await valueOf(engine.exportModel({ model, format: 'safetensors', folder: out, merge: false, precision }));
    expect(JSON.parse(await readFile(path.join(out, 'config.json'), 'utf8'))).toMatchObject({ dtype });
    const tensors = [...(await readHeader(path.join(out, 'model.safetensors'))).values()];
    expect(new Set(tensors.map(tensor => tensor.dtype))).toEqual(new Set([stored]));
    expect(tensors.filter(({ name }) => isMaskBuffer(name))).toEqual([]);
    const [own, exported] = [await engine.score({ ...score(model), precision }), await engine.score(score(out))];
    if (!own.ok || !exported.ok) throw new Error('not scored');
    expect(exported.value.texts[0]?.negativeLogLikelihood).toBeCloseTo(
      own.value.texts[0]?.negativeLogLikelihood ?? 0,
      1,
    );
  });

  test('refuses f16 where a weight is beyond its range, and leaves nothing', async () => {
    const { engine, folder } = await testEngine();
    const model = await copyOf(MODEL, folder, 'mine');
    await spoil(model, 'h.1.attn.c_proj.weight', 1e5);
    const out = path.join(folder, 'out');
    const request = { model, format: 'safetensors', folder: out, merge: false } as const;
    expect(await engine.exportModel({ ...request, precision: 'f16' })).toMatchObject({
      ok: false,
      error: { code: 'weights-not-a-number', message: expect.stringContaining('in f16') },
    });
    expect(existsSync(out)).toBe(false);
    expect(await engine.exportModel({ ...request, precision: 'bf16' })).toMatchObject({ ok: true });
  });

  test.each([
    ['int8 as a Hugging Face folder', MODEL, 'safetensors', 'int8', 'precision-unfit'],
    ['int4 of a classifier', '../classify/fixtures/last', 'onnx', 'int4', 'precision-unfit'],
    ['an adapter in f16', '../classify/fixtures/adapter', 'safetensors', 'f16', 'adapter-alone'],
  ] as const)('refuses %s and leaves nothing', async (_, model, format, precision, code) => {
    const { engine, folder } = await testEngine();
    const out = path.join(folder, 'out');
    const request = { model: path.join(FIXTURES, model), format, folder: out, merge: false, precision } as const;
    expect(await engine.exportModel(request)).toMatchObject({ ok: false, error: { code } });
    expect(existsSync(out)).toBe(false);
  });
});
