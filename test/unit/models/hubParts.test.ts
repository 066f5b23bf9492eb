import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheFolder, findInCache } from '../../../src/models/hub/cache.ts';
import { createMeter } from '../../../src/models/hub/meter.ts';
import { formatHubName, parseHubName } from '../../../src/models/hub/names.ts';
import type { Progress } from '../../../src/protocol/engine.ts';
import { COMMIT } from './fakeHub.ts';
import { CONFIG } from './hubSetting.ts';
import { temporaryFolder } from './temporary.ts';

describe('names', () => {
  test.each([
    ['owner/name', { repo: 'owner/name', revision: 'main', subfolder: '' }],
    ['owner/name@v1.0', { repo: 'owner/name', revision: 'v1.0', subfolder: '' }],
    ['owner/name@refs/pr/1:a/b', { repo: 'owner/name', revision: 'refs/pr/1', subfolder: 'a/b' }],
    ['owner/name:sub', { repo: 'owner/name', revision: 'main', subfolder: 'sub' }],
  ])('%s is understood and written again', (text, expected) => {
    expect(parseHubName(text)).toEqual(expected);
    expect(formatHubName(parseHubName(text))).toBe(text);
  });

  test.each([
    ['gpt2', 'openai-community/gpt2'],
    ['gpt2-xl', 'openai-community/gpt2-xl'],
    ['distilgpt2', 'distilbert/distilgpt2'],
  ])('%s is short for %s', (short, long) => expect(formatHubName(parseHubName(short))).toBe(long));

  test.each([
    'name',
    'a/b/c',
    '../name',
    'owner/..',
    'owner/na--me',
    'owner/.git',
    'owner/name.git',
    'owner/na me',
    '/name',
    'owner/name@../x',
    'owner/name@',
    'owner/name@a b',
    'owner/name:../x',
    'owner/name:/x',
    'owner/name:a//b',
    'owner/name:a\\b',
    'owner/name:C:/x',
    '',
    'owner/',
    'owner/name@v1\n',
  ])('%j is refused', text => {
    expect(() => parseHubName(text)).toThrow(expect.objectContaining({ code: 'hub-name-invalid' }));
  });
});

describe('the cache', () => {
  test.each([
    [{ HF_HUB_CACHE: '/a', HF_HOME: '/b' }, '/a'],
    [{ HUGGINGFACE_HUB_CACHE: '/a' }, '/a'],
    [{ HF_HOME: '/b', XDG_CACHE_HOME: '/c' }, '/b/hub'],
    [{ XDG_CACHE_HOME: '/c' }, '/c/huggingface/hub'],
  ])('with %j is in %s', (environment, expected) => expect(cacheFolder(environment)).toBe(expected));

  test('that huggingface_hub wrote is read, by branch and by commit', async () => {
    const cache = await temporaryFolder();
    const repository = join(cache, 'models--lab--tiny');
    const snapshot = join(repository, 'snapshots', COMMIT);
    for (const folder of ['blobs', 'refs', join('snapshots', COMMIT)])
      await mkdir(join(repository, folder), { recursive: true });
    await writeFile(join(repository, 'blobs', 'e5'), CONFIG);
    await writeFile(join(repository, 'refs', 'main'), COMMIT);
    await symlink('../../blobs/e5', join(snapshot, 'config.json'));
    expect(await findInCache(cache, parseHubName('lab/tiny'))).toBe(snapshot);
    expect(await findInCache(cache, parseHubName(`lab/tiny@${COMMIT}`))).toBe(snapshot);
    expect(await findInCache(cache, parseHubName('lab/tiny@v1'))).toBeUndefined();
    expect(await findInCache(cache, parseHubName('lab/tiny:sub'))).toBeUndefined();
    expect(await findInCache(cache, parseHubName('lab/other'))).toBeUndefined();
  });
});

test('speed is that of the last five seconds, and time left follows from it', () => {
  let time = 0;
  const progress: Progress[] = [];
  const meter = createMeter(
    10_000,
    report => progress.push(report),
    () => time,
  );
  meter.skip(2000); // from an earlier download: done, but not speed
  for (const seconds of [1, 2, 3, 4, 5, 6, 7]) {
    time = seconds * 1000;
    meter.add(seconds === 7 ? 600 : 100);
  }
  // 3200 done, 6800 to go; seconds 3 to 7 brought 4 x 100 + 600 bytes.
  expect(progress.at(-1)).toMatchObject({ done: 3200, total: 10_000, rate: 200, secondsLeft: 34 });
});
