import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { OnProgress } from '../../../src/protocol/engine.ts';
import { COMMIT, cutAfter, type Fault, sha256 } from './fakeHub.ts';
import { answering, CONFIG, FILES, firstTimes, MODEL, setting } from './hubSetting.ts';
import { reason } from './temporary.ts';

describe('faults', () => {
  test('a cut connection is continued where it was cut', async () => {
    const { hub, get } = await setting();
    hub.fault = cutOnStore(1);
    expect(await readFile(join(await get(), 'model.safetensors'))).toEqual(MODEL);
    const ranges = hub.seen.filter(({ server }) => server === 'store').map(({ headers }) => headers.range);
    expect(ranges).toEqual([undefined, 'bytes=2000-']);
  });

  test('a server that ignores ranges and cuts every time is given up', async () => {
    const { hub, get } = await setting();
    hub.fault = cutOnStore(Number.POSITIVE_INFINITY);
    await expect(get()).rejects.toMatchObject(reason('hub-unreachable', /cut after 2000 of 4640 bytes/));
    expect(hub.seen.filter(({ server }) => server === 'store')).toHaveLength(3);
  });

  test('bytes that were damaged are fetched again', async () => {
    const { repository, get } = await setting();
    await mkdir(join(repository, 'blobs'), { recursive: true });
    await writeFile(join(repository, 'blobs', `${sha256(MODEL)}.lm-lab.incomplete`), Buffer.alloc(1000, 'x'));
    expect(await readFile(join(await get(), 'model.safetensors'))).toEqual(MODEL);
  });

  test.each([
    ['model.safetensors', { lfs: { sha256: 'a'.repeat(64), size: MODEL.length } }, /hash/],
    ['config.json', { size: CONFIG.length, blobId: 'b'.repeat(40) }, /hash/],
    ['model.safetensors', { lfs: { sha256: sha256(MODEL), size: MODEL.length - 1 } }, /more bytes/],
  ])('%s that is not as listed, %j, is refused and not kept', async (path, listed, message) => {
    const { hub, repository, get } = await setting();
    hub.listed.set(path, listed);
    await expect(get()).rejects.toMatchObject(reason('download-corrupt', message));
    expect(existsSync(join(repository, 'snapshots'))).toBe(false);
    expect(existsSync(join(repository, 'refs'))).toBe(false);
  });

  test('a busy server is waited for as it asks, and says so', async () => {
    const { hub, progress, get } = await setting();
    hub.fault = firstTimes(1, '/tokenizer.json', answering(429, { 'retry-after': '1' }));
    const started = performance.now();
    await get();
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(progress.map(({ message }) => message)).toContainEqual(expect.stringMatching(/pause.*Trying again in 1 s/));
  });

  test('a failing server is asked again', async () => {
    const { hub, get } = await setting();
    hub.fault = firstTimes(2, '?blobs=true', answering(503));
    await expect(get()).resolves.toContain(COMMIT);
  });

  test.each<[string, string, Fault, string, RegExp]>([
    ['longer waits', '?blobs=true', answering(429, { 'retry-after': '3600' }), 'hub-rate-limited', /429/],
    ['a broken server', '?blobs=true', answering(500), 'hub-failed', /HTTP 500/],
    ['an unknown person', '?blobs=true', answering(401), 'hub-unauthorized', /not on the hub, or is private/],
    ['a gated model', '/config.json', answering(403, { 'x-error-code': 'GatedRepo' }), 'hub-gated', /gated/],
    ['a forbidden model', '?blobs=true', answering(403), 'hub-forbidden', /403/],
    ['a missing file', '/tokenizer.json', answering(404), 'hub-file-missing', /"tokenizer.json"/],
    ['a missing repository', '?blobs=true', answering(404), 'hub-repo-missing', /"lab\/tiny" is not on the hub/],
    ['a page that is no hub', '?blobs=true', answering(200), 'hub-answer-invalid', /not JSON/],
  ])('%s', async (_, path, fault, code, message) => {
    const { hub, get } = await setting();
    hub.fault = firstTimes(Number.POSITIVE_INFINITY, path, fault);
    await expect(get()).rejects.toMatchObject(reason(code, message));
  });

  test.each<[string, string, string, RegExp]>([
    ['a missing revision', 'lab/tiny@v2', 'hub-revision-missing', /no revision "v2"/],
    ['another repository', 'lab/other', 'hub-repo-missing', /"lab\/other"/],
    ['a missing subfolder', 'lab/tiny:sub', 'hub-not-a-model', /no config.json in "sub"/],
  ])('%s', async (_, name, code, message) => {
    const { get } = await setting();
    await expect(get(name)).rejects.toMatchObject(reason(code, message));
  });

  test('a token that is not accepted is told apart from none', async () => {
    const { hub, get } = await setting();
    hub.fault = answering(401);
    await expect(get('lab/tiny', { token: 'hf_old' })).rejects.toMatchObject(
      reason('hub-unauthorized', /does not accept/),
    );
  });

  test('a hub that is not there', async () => {
    const { get } = await setting();
    const nowhere = get('lab/tiny', { endpoint: 'http://127.0.0.1:9' });
    await expect(nowhere).rejects.toMatchObject(
      reason('hub-unreachable', /127\.0\.0\.1:9 could not be reached: .*(bad port|ECONNREFUSED)/),
    );
  });

  test('an address that is none', async () => {
    const { get } = await setting();
    await expect(get('lab/tiny', { endpoint: 'huggingface' })).rejects.toMatchObject({ code: 'hub-endpoint-invalid' });
  });

  test.each(['../../escaped', '/etc/passwd', 'a/../../b', 'C:/x', 'a\\..\\b', ''])(
    'a file name that climbs out, %j, stops everything',
    async name => {
      const { hub, cache, get } = await setting();
      hub.listed.set(name, { size: 1, blobId: 'a'.repeat(40) });
      await expect(get()).rejects.toMatchObject({ code: 'hub-file-name' });
      expect(await readdir(cache)).toEqual([]);
    },
  );

  test('a disk without the space is seen before anything is written, with the figures', async () => {
    const { cache, get } = await setting();
    await expect(get('lab/tiny', { free: async () => 50_000_000 })).rejects.toMatchObject(
      reason('disk-full', /needs 0\.0 MB and 100 MB to spare; .* has 50 MB free/),
    );
    expect(await readdir(cache)).toEqual([]);
  });

  test('a disk that another program fills meanwhile is told, and the next download goes on', async () => {
    const { repository, get } = await setting();
    const handle = await open(import.meta.filename);
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const onProgress: OnProgress = ({ message }) => {
      if (message === 'Downloading model.safetensors') vi.spyOn(handles, 'write').mockRejectedValueOnce(full);
    };
    await expect(get('lab/tiny', { onProgress })).rejects.toMatchObject(reason('disk-full', /disk is full: .*blobs/));
    expect(existsSync(join(repository, 'snapshots'))).toBe(false);
    vi.restoreAllMocks();
    expect(await readFile(join(await get(), 'model.safetensors'))).toEqual(MODEL);
  });

  test('a model of another family is refused before its weights come', async () => {
    const { hub, get } = await setting({ ...FILES, 'config.json': Buffer.from('{"model_type":"llama"}') });
    await expect(get()).rejects.toMatchObject({ code: 'architecture-unsupported' });
    expect(hub.requestsFor('/model.safetensors')).toEqual([]);
  });

  test('a repository without weights that can be read', async () => {
    const { get } = await setting({ 'config.json': CONFIG, 'tf_model.h5': MODEL });
    await expect(get()).rejects.toMatchObject({ code: 'hub-no-weights' });
  });

  function cutOnStore(times: number): Fault {
    let left = times;
    return ({ server }, response) => server === 'store' && left-- > 0 && cutAfter(2000, MODEL, response);
  }
});
