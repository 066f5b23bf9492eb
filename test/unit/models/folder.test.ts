import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFolder, inspectFolder } from '../../../src/models/folder.ts';
import { fixture, reason, temporaryFolder } from './temporary.ts';

const MODELS = ['tied', 'untied', 'classifier'];

test.each(MODELS)('%s: the tree of modules, shapes and counts is what transformers shows', async name => {
  const expected = JSON.parse(await readFile(fixture(`${name}.tree.json`), 'utf8'));
  const { modules, config } = await inspectFolder(fixture(name));
  expect(modules).toEqual(expected);
  expect(config).toEqual(JSON.parse(await readFile(fixture(`${name}/config.json`), 'utf8')));
});

test.each(MODELS)('%s: parameters, context, bytes and architecture', async name => {
  const { parameters, kind } = JSON.parse(await readFile(fixture(`${name}.tree.json`), 'utf8'));
  const bytes = (await readFile(fixture(`${name}/model.safetensors`))).length;
  const labels = name === 'classifier' ? { labels: ['LABEL_0', 'LABEL_1'] } : {};
  const facts = { parameters, contextLength: 6, bytes, architecture: kind, ...labels };
  expect(await describeFolder(fixture(name))).toEqual(facts);
});

test('mask buffers are not parameters, whatever the file, and names without prefix are under transformer', async () => {
  const tied = await describeFolder(fixture('tied'));
  expect(await describeFolder(fixture('pytorch'))).toMatchObject({ parameters: tied.parameters });
  const { modules } = await inspectFolder(fixture('pytorch'));
  expect(modules.children.map(child => child.name)).toEqual(['transformer', 'lm_head']);
});

describe('a folder that is not a GPT-2 model is refused', () => {
  async function changed(change: (folder: string) => Promise<unknown>): Promise<string> {
    const folder = join(await temporaryFolder(), 'model');
    await mkdir(folder);
    await cp(fixture('tied'), folder, { recursive: true });
    await change(folder);
    return folder;
  }

  test.each<[string, (folder: string) => Promise<unknown>, string, RegExp]>([
    ['gone', folder => rm(folder, { recursive: true }), 'config-missing', /model"/],
    ['without a config', folder => rm(join(folder, 'config.json')), 'config-missing', /has no config\.json/],
    ['with broken JSON', folder => writeFile(join(folder, 'config.json'), '{"n'), 'config-invalid', /not JSON/],
    ['with a list', folder => writeFile(join(folder, 'config.json'), '[]'), 'config-invalid', /not a JSON object/],
    [
      'of another family',
      folder => writeFile(join(folder, 'config.json'), '{"model_type":"llama"}'),
      'architecture-unsupported',
      /"llama"/,
    ],
    ['of no family', folder => writeFile(join(folder, 'config.json'), '{}'), 'architecture-unsupported', /null/],
    ['without weights', folder => rm(join(folder, 'model.safetensors')), 'weights-missing', /pytorch_model\.bin/],
  ])('%s', async (_, change, code, message) => {
    await expect(describeFolder(await changed(change))).rejects.toMatchObject(reason(code, message));
  });
});
