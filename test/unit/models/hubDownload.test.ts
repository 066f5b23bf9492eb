import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMIT, gitHash, sha256 } from './fakeHub.ts';
import { answering, CONFIG, FILES, MODEL, setting, TOKENIZER } from './hubSetting.ts';

describe('a download', () => {
  test('brings what a model needs into the layout of the shared cache', async () => {
    const { hub, repository, get } = await setting();
    const folder = await get();
    expect(folder).toBe(join(repository, 'snapshots', COMMIT));
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
    expect(await readlink(join(folder, 'model.safetensors'))).toBe(`../../blobs/${sha256(MODEL)}`);
    expect((await readdir(join(repository, 'blobs'))).sort()).toEqual(
      [sha256(MODEL), gitHash(CONFIG), gitHash(TOKENIZER)].sort(),
    );
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(MODEL);
    expect(await readFile(join(repository, 'refs', 'main'), 'utf8')).toBe(COMMIT);
    expect(hub.requestsFor('README.md')).toEqual([]);
  });

  test.each([
    ['lab/tiny@v1', 'refs/v1'],
    ['lab/tiny@refs/pr/1', 'refs/refs/pr/1'],
  ])('of %s records the revision in %s', async (name, ref) => {
    const { repository, get } = await setting();
    await get(name);
    expect(await readFile(join(repository, ref), 'utf8')).toBe(COMMIT);
  });

  test('of a commit records no revision', async () => {
    const { repository, get } = await setting();
    await get(`lab/tiny@${COMMIT}`);
    expect(existsSync(join(repository, 'refs'))).toBe(false);
  });

  test('of a subfolder leaves the rest of the repository', async () => {
    const { repository, get } = await setting({
      ...FILES,
      'small/model/config.json': CONFIG,
      'small/model/pytorch_model.bin': MODEL,
    });
    const folder = await get('lab/tiny:small/model');
    expect(folder).toBe(join(repository, 'snapshots', COMMIT, 'small', 'model'));
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'pytorch_model.bin']);
    expect(await readlink(join(folder, 'config.json'))).toBe(`../../../../blobs/${gitHash(CONFIG)}`);
    expect(await readdir(join(repository, 'snapshots', COMMIT))).toEqual(['small']);
  });

  test('takes shards with their index, and pytorch_model.bin only where there are no safetensors', async () => {
    const shard = 'model-00001-of-00001.safetensors';
    const index = Buffer.from(JSON.stringify({ weight_map: { w: shard } }));
    const { get } = await setting({
      'config.json': CONFIG,
      'model.safetensors.index.json': index,
      [shard]: MODEL,
      'pytorch_model.bin': MODEL,
    });
    expect((await readdir(await get())).sort()).toEqual(['config.json', shard, 'model.safetensors.index.json']);
  });

  test('asks for size and hash where the listing has none', async () => {
    const { hub, get } = await setting();
    for (const path of ['model.safetensors', 'config.json']) hub.listed.set(path, {});
    expect(await readFile(join(await get(), 'model.safetensors'))).toEqual(MODEL);
    expect(hub.seen.filter(({ method }) => method === 'HEAD').map(({ url }) => url)).toEqual([
      `/lab/tiny/resolve/${COMMIT}/config.json`,
      `/lab/tiny/resolve/${COMMIT}/model.safetensors`,
    ]);
  });

  test('reports bytes up to the total', async () => {
    const { progress, get } = await setting();
    await get();
    const total = MODEL.length + CONFIG.length + TOKENIZER.length;
    expect(progress.map(({ message }) => message)).toContain('Downloading model.safetensors');
    expect(progress.at(-1)).toMatchObject({ done: total, total, unit: 'bytes' });
  });

  test('transfers nothing that the cache holds', async () => {
    const { hub, get } = await setting();
    const folder = await get();
    hub.seen.length = 0;
    expect(await get()).toBe(folder);
    expect(hub.seen.map(({ url }) => url)).toEqual(['/api/models/lab/tiny/revision/main?blobs=true']);
  });
});

describe('the token', () => {
  test('goes to the hub and never to the host that it redirects to', async () => {
    const { hub, get } = await setting();
    await get('lab/tiny', { token: 'hf_secret' });
    const tokens = (server: string) =>
      hub.seen.filter(seen => seen.server === server).map(({ headers }) => headers.authorization);
    expect(new Set(tokens('hub'))).toEqual(new Set(['Bearer hf_secret']));
    expect(tokens('store')).toEqual([undefined]);
  });

  test.each<[string, (cache: string) => Record<string, string>, string | undefined]>([
    ['of the environment', () => ({ HF_TOKEN: 'hf_environment' }), 'Bearer hf_environment'],
    ['of the token file', cache => ({ HF_TOKEN_PATH: join(cache, 'token') }), 'Bearer hf_file'],
    ['of nobody', () => ({}), undefined],
  ])('%s is used', async (_, variables, expected) => {
    const { hub, cache, get } = await setting();
    await writeFile(join(cache, 'token'), 'hf_file\n');
    const environment = { HF_HOME: join(cache, 'home'), HF_HUB_CACHE: cache, HF_ENDPOINT: hub.endpoint };
    await get('lab/tiny', { environment: { ...environment, ...variables(cache) } });
    expect(hub.seen[0]?.headers.authorization).toBe(expected);
  });

  test('that cannot stand in a header is refused, and not repeated in the message', async () => {
    const { get } = await setting();
    const refused = get('lab/tiny', { token: 'hf_\nsecret' });
    await expect(refused).rejects.toMatchObject({ code: 'hub-token-invalid' });
    await expect(refused).rejects.not.toThrow(/secret/);
  });
});

describe('a cancel', () => {
  test('leaves only what is continued the next time', async () => {
    const { hub, repository, get } = await setting();
    const abort = new AbortController();
    hub.fault = ({ server }, response) => {
      if (server !== 'store') return false;
      response.writeHead(200, { 'content-length': MODEL.length });
      response.write(MODEL.subarray(0, 2000), () => setTimeout(() => abort.abort(), 30));
      return true;
    };
    await expect(get('lab/tiny', { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(repository)).toEqual(['blobs']);
    expect(await readdir(join(repository, 'blobs'))).toContain(`${sha256(MODEL)}.lm-lab.incomplete`);
    hub.fault = () => false;
    hub.seen.length = 0;
    expect(await readFile(join(await get(), 'model.safetensors'))).toEqual(MODEL);
    expect(hub.seen.find(({ server }) => server === 'store')?.headers.range).toBe('bytes=2000-');
    expect(hub.requestsFor('/config.json')).toEqual([]);
  });

  test('ends a wait for a busy server', async () => {
    const { hub, get } = await setting();
    const abort = new AbortController();
    hub.fault = (request, response) => {
      setTimeout(() => abort.abort(), 30);
      return answering(429, { 'retry-after': '2' })(request, response);
    };
    const started = performance.now();
    await expect(get('lab/tiny', { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
