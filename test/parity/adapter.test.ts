import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { valueOf } from '../../src/protocol/result.ts';
import { copyOf, testEngine } from '../unit/engine/testEngine.ts';
import { changeJson } from './json.ts';

const FIXTURES = path.resolve('test/parity/classify/fixtures');
const { perplexities } = JSON.parse(
  await readFile(path.join(FIXTURES, 'language-adapter', 'expected.json'), 'utf8'),
) as { perplexities: Record<string, number> };

it('a model with an adapter scores as PEFT has it, and is listed as what it is', async () => {
  const { engine, folder } = await testEngine();
  const added = await valueOf(engine.addModel({ source: path.join(FIXTURES, 'language-adapter'), activate: true }));
  expect(added).toMatchObject({ id: 'language-adapter', architecture: 'GPT2LMHeadModel', contextLength: 32 });
  const texts = Object.keys(perplexities);
  const scored = await valueOf(engine.score({ model: 'active', texts, firstToken: 'unscored', top: 0 }));
  for (const { text, perplexity } of scored.texts) {
    expect((perplexity as number) / (perplexities[text] as number)).toBeCloseTo(1, 4);
  }
  const merged = path.join(folder, 'home', 'converted');
  expect(await readdir(merged)).toHaveLength(1);
  await valueOf(engine.removeModel({ id: 'language-adapter', deleteDownload: false }));
  expect(await readdir(merged)).toEqual([]);
});

it.each([
  [{ use_dora: true }, 'adapter-unsupported', /use_dora = true/],
  [{ base_model_name_or_path: '../nowhere' }, 'adapter-base-gone', /nowhere/],
  [{ lora_alpha: null }, 'adapter-invalid', /lora_alpha is null/],
])('an adapter with %j is refused', async (change, code, message) => {
  const { engine, folder } = await testEngine();
  const adapter = await copyOf('../classify/fixtures/language-adapter', folder, 'adapter');
  await changeJson(path.join(adapter, 'adapter_config.json'), change);
  const added = await engine.addModel({ source: adapter });
  expect(added).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } });
});
