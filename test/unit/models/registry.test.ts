import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createModels, type Models } from '../../../src/models/registry.ts';
import { COMMIT, type FakeHub, startHub } from './fakeHub.ts';
import { FILES, CONFIG } from './hubSetting.ts';
import { fixture, reason, temporaryFolder } from './temporary.ts';

interface Setting {
  readonly models: Models;
  readonly home: string;
  readonly hub: FakeHub;
  readonly cache: string;
  /** Another process, as far as the list is concerned. */
  other(): Models;
}

async function setting(files: Readonly<Record<string, Uint8Array>> = FILES): Promise<Setting> {
  const [home, cache, hub] = [await temporaryFolder(), await temporaryFolder(), await startHub(files)];
  const environment = {
    LM_LAB_HOME: home,
    HF_HUB_CACHE: cache,
    HF_ENDPOINT: hub.endpoint,
    HF_TOKEN_PATH: join(cache, 'no-token'),
  };
  const other = () => createModels({ starterFolder: fixture('tied'), environment });
  return { models: other(), home, hub, cache, other };
}

async function copyOf(name: string, as = name): Promise<string> {
  const folder = join(await temporaryFolder(), as);
  await cp(fixture(name), folder, { recursive: true });
  return folder;
}

const ids = async (models: Models): Promise<string[]> => (await models.list()).map(({ id }) => id);

describe('the list', () => {
  test('begins with the starter, which is active', async () => {
    const { models } = await setting();
    expect(await models.list()).toEqual([
      {
        id: 'starter',
        source: 'starter',
        folder: fixture('tied'),
        active: true,
        architecture: 'GPT2LMHeadModel',
        contextLength: 6,
        parameters: JSON.parse(await readFile(fixture('tied.tree.json'), 'utf8')).parameters,
        bytes: (await readFile(fixture('tied/model.safetensors'))).length,
      },
    ]);
  });

  test('is what every process sees', async () => {
    const { models, other } = await setting();
    const folder = await copyOf('untied', 'mine');
    const added = await models.add(folder, { activate: true });
    expect(added).toMatchObject({ id: 'mine', source: 'folder', folder, active: true });
    expect(await other().list()).toMatchObject([{ id: 'starter', active: false }, added]);
  });

  test('gives readable ids that are never given twice', async () => {
    const { models } = await setting();
    for (const name of ['mine', 'mine', 'my model (2)', 'active', 'starter', '…'])
      await models.add(await copyOf('tied', name));
    expect(await ids(models)).toEqual(['starter', 'mine', 'mine-2', 'my-model-2', 'active-2', 'starter-2', 'model']);
  });

  test('makes the id of another name where the folder has none of its own', async () => {
    const { models } = await setting();
    await models.add(await copyOf('tied', 'model'), { name: 'sms spam classification' });
    expect(await ids(models)).toEqual(['starter', 'sms-spam-classification']);
  });

  test('has a folder once, however often it is added', async () => {
    const { models } = await setting();
    const folder = await copyOf('tied', 'mine');
    await models.add(folder);
    await models.add(`${folder}/../mine/`);
    expect(await ids(models)).toEqual(['starter', 'mine']);
    expect((await models.add(fixture('tied'))).id).toBe('starter');
    expect(await ids(models)).toEqual(['starter', 'mine']);
  });

  test('loses nothing when many add at once', async () => {
    const { other } = await setting();
    const folders = await Promise.all(Array.from({ length: 12 }, (_, i) => copyOf('tied', `m${i}`)));
    await Promise.all(folders.map(folder => other().add(folder)));
    expect((await ids(other())).sort()).toEqual(['starter', ...folders.map((_, i) => `m${i}`)].sort());
  });

  test('is not blocked by a process that died while it changed it', async () => {
    const { models, home } = await setting();
    const lock = join(home, 'models.json.lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    await models.add(await copyOf('tied', 'mine'));
    expect(await readdir(home)).toEqual(['models.json']);
  });

  test('keeps a model whose folder is gone, and says so', async () => {
    const { models } = await setting();
    const folder = await copyOf('tied', 'mine');
    await models.add(folder, { activate: true });
    await rename(folder, `${folder}-elsewhere`);
    const problem = { code: 'model-folder-gone', message: expect.stringContaining(folder), remedy: expect.any(String) };
    expect((await models.list())[1]).toMatchObject({ id: 'mine', active: true, parameters: 0, bytes: 0, problem });
    await expect(models.resolve('active')).rejects.toMatchObject({ code: 'model-folder-gone' });
    await rename(`${folder}-elsewhere`, folder);
    expect(await models.resolve('active')).toMatchObject({ id: 'mine' });
  });

  test.each(['', '{"models', '{}', '{"active":"a","models":[{"id":1}]}', 'null'])(
    'damaged as %j is refused',
    async text => {
      const { models, home } = await setting();
      await writeFile(join(home, 'models.json'), text);
      await expect(models.list()).rejects.toMatchObject(reason('models-list-invalid', /models\.json", is damaged/));
    },
  );
});

describe('a folder that is not a model is not added', () => {
  test.each([
    ['/nowhere/at/all', 'config-missing'],
    [fixture(''), 'config-missing'],
    ['just-a-word', 'model-source-unknown'],
    ['gpt3', 'model-source-unknown'],
    ['a/b/c', 'hub-name-invalid'],
  ])('%s', async (source, code) => {
    const { models, home } = await setting();
    await expect(models.add(source)).rejects.toMatchObject({ code });
    expect(existsSync(join(home, 'models.json'))).toBe(false);
  });
});

describe('a model from the hub', () => {
  test('is downloaded, listed and found by id and by name', async () => {
    const { models, cache } = await setting();
    const entry = await models.add('lab/tiny');
    const folder = join(cache, 'models--lab--tiny', 'snapshots', COMMIT);
    expect(entry).toMatchObject({ id: 'tiny', source: 'hub', hubName: 'lab/tiny', folder, active: false });
    expect(await models.resolve('tiny')).toEqual(entry);
    expect(await models.resolve('lab/tiny')).toEqual(entry);
    expect(await models.resolve('lab/tiny@main')).toEqual(entry);
  });

  test('that the cache holds needs no network', async () => {
    const { models, hub, home, other } = await setting();
    await models.add('lab/tiny');
    await rm(join(home, 'models.json'));
    hub.seen.length = 0;
    expect(await other().resolve('lab/tiny')).toMatchObject({ id: 'lab/tiny', source: 'hub', hubName: 'lab/tiny' });
    expect(await other().add('lab/tiny')).toMatchObject({ id: 'tiny' });
    expect(hub.seen).toEqual([]);
  });

  test('of which the cache holds a part is completed', async () => {
    const { models, cache, home } = await setting();
    const { folder } = await models.add('lab/tiny');
    await rm(join(home, 'models.json'));
    await rm(join(folder, 'tokenizer.json'));
    await models.add('lab/tiny');
    expect(existsSync(join(folder, 'tokenizer.json'))).toBe(true);
    expect(await readdir(join(cache, '.locks', 'models--lab--tiny'))).toEqual([]);
  });

  test('with pytorch_model.bin alone is converted, and its conversion goes with it', async () => {
    const bin = await readFile(fixture('pytorch/pytorch_model.bin'));
    const { models, home } = await setting({ 'config.json': CONFIG, 'pytorch_model.bin': bin });
    const { parameters } = await models.resolve('starter');
    expect(await models.add('lab/tiny')).toMatchObject({ parameters });
    expect(await readdir(join(home, 'converted'))).toHaveLength(1);
    await models.remove('tiny', { deleteDownload: false });
    expect(await readdir(join(home, 'converted'))).toEqual([]);
  });

  test('that nobody downloaded is not downloaded by naming it', async () => {
    const { models, hub } = await setting();
    await expect(models.resolve('lab/tiny')).rejects.toMatchObject(reason('model-not-downloaded', /"lab\/tiny"/));
    await expect(models.resolve('gpt2')).rejects.toMatchObject(
      reason('model-not-downloaded', /"openai-community\/gpt2"/),
    );
    // A folder may be what was meant.
    await expect(models.resolve('runs/best')).rejects.toMatchObject({
      remedy: expect.stringMatching(/lm-lab models add runs\/best.*\.\/runs\/best/),
    });
    expect(hub.seen).toEqual([]);
  });
});

describe('names', () => {
  test('a folder that is not in the list is a model by its path', async () => {
    const { models } = await setting();
    const entry = await models.resolve(fixture('classifier'));
    expect(entry).toMatchObject({
      id: fixture('classifier'),
      source: 'folder',
      architecture: 'GPT2ForSequenceClassification',
    });
    expect(await models.resolve(entry.id)).toEqual(entry);
  });

  test('a path that leads nowhere is told as a path, not as a model that was listed', async () => {
    const { models } = await setting();
    await expect(models.resolve('/nowhere/at/all')).rejects.toMatchObject({
      code: 'model-folder-gone',
      message: 'There is no folder "/nowhere/at/all".',
      remedy: expect.stringMatching(/^Check the path/),
    });
  });

  test('~ is the home folder', async () => {
    const { models } = await setting();
    await expect(models.resolve('~/no-such-model')).rejects.toMatchObject(
      reason('model-folder-gone', RegExp(homedir())),
    );
  });

  test('an unknown id names those that are known', async () => {
    const { models } = await setting();
    await expect(models.resolve('strater')).rejects.toMatchObject(reason('model-unknown', /"strater".*starter/));
    await expect(models.setActive('strater')).rejects.toMatchObject({ code: 'model-unknown' });
  });

  test('info has the config and the modules', async () => {
    const { models } = await setting();
    const tree = JSON.parse(await readFile(fixture('tied.tree.json'), 'utf8'));
    expect(await models.info('active')).toMatchObject({
      entry: { id: 'starter' },
      config: { n_layer: 2 },
      modules: tree,
    });
  });
});

describe('removing', () => {
  test('a folder leaves its files, and the starter becomes active again', async () => {
    const { models } = await setting();
    const folder = await copyOf('tied', 'mine');
    await models.add(folder);
    expect(await models.setActive('mine')).toMatchObject({ id: 'mine', active: true });
    expect(await models.remove('mine', { deleteDownload: true })).toMatchObject([{ id: 'starter', active: true }]);
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
  });

  test.each([
    [false, true],
    [true, false],
  ])('a download with deleteDownload %s: its files are there afterwards: %s', async (deleteDownload, there) => {
    const { models, cache } = await setting();
    await models.add('lab/tiny');
    await models.remove('tiny', { deleteDownload });
    expect(existsSync(join(cache, 'models--lab--tiny'))).toBe(there);
  });

  test('a download whose files were deleted by hand is taken off the list', async () => {
    const { models, cache } = await setting();
    await models.add('lab/tiny');
    await rm(join(cache, 'models--lab--tiny'), { recursive: true });
    expect(await models.remove('tiny', { deleteDownload: true })).toMatchObject([{ id: 'starter' }]);
    expect(await ids(models)).toEqual(['starter']);
  });

  test('a download keeps what another snapshot shares', async () => {
    const { models, cache } = await setting();
    const { folder } = await models.add('lab/tiny');
    const other = join(folder, '..', 'f'.repeat(40));
    await cp(folder, other, { recursive: true, verbatimSymlinks: true });
    await rm(join(other, 'model.safetensors'));
    await models.remove('tiny', { deleteDownload: true });
    expect(await readFile(join(other, 'config.json'))).toEqual(CONFIG);
    expect(await readdir(join(cache, 'models--lab--tiny', 'blobs'))).toHaveLength(2);
    expect(await readdir(join(cache, 'models--lab--tiny', 'refs'))).toEqual([]);
  });

  test('one of two models of a snapshot leaves the other', async () => {
    const { models } = await setting({
      ...FILES,
      'a/config.json': CONFIG,
      'a/model.safetensors': FILES['model.safetensors'],
    });
    await models.add('lab/tiny');
    expect((await models.add('lab/tiny:a')).id).toBe('tiny-a');
    await models.remove('tiny', { deleteDownload: true });
    expect((await models.resolve('tiny-a')).parameters).toBeGreaterThan(0);
  });

  test('one whose conversion can’t be found stays in the list, and is removed once it can', async () => {
    const { models } = await setting();
    const folder = await copyOf('tied', 'mine');
    await models.add(folder);
    const weights = join(folder, 'pytorch_model.bin');
    await symlink(weights, weights);
    const refused = models.remove('mine', { deleteDownload: false });
    await expect(refused).rejects.toMatchObject(reason('link-circular', /pytorch_model\.bin/));
    expect(await ids(models)).toContain('mine');
    await rm(weights);
    expect(await models.remove('mine', { deleteDownload: false })).toMatchObject([{ id: 'starter' }]);
  });

  test('the starter stays', async () => {
    const { models } = await setting();
    await expect(models.remove('starter', { deleteDownload: false })).rejects.toMatchObject({ code: 'starter-stays' });
  });
});
