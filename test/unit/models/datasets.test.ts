import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { getDataset } from '../../../src/models/datasets.ts';
import type { DownloadOptions } from '../../../src/models/hub/download.ts';
import type { Progress } from '../../../src/protocol/engine.ts';
import { cutAfter, startHub } from './fakeHub.ts';
import { firstTimes } from './hubSetting.ts';
import { fixture, reason, temporaryFolder } from './temporary.ts';

const TRAIN = Buffer.from('{"text": "eins"}\n'.repeat(20_000));
const TEST = Buffer.from('{"text": "zwei"}\n');
const SEVERAL_ZIP = await readFile(fixture('several.zip'));
const PLAIN_ZIP = await readFile(fixture('plain.zip'));
const HUB_FILES = {
  'README.md': Buffer.from('# A dataset'),
  'dataset_infos.json': Buffer.from('{}'),
  'data/train.jsonl': TRAIN,
  'data/test.jsonl': TEST,
  'extra/notes.pdf': Buffer.from('%PDF'),
};

async function setting() {
  const folder = await temporaryFolder();
  const progress: Progress[] = [];
  const options: DownloadOptions = {
    environment: { HF_TOKEN_PATH: path.join(folder, 'no-token') },
    retry: { attempts: 3, firstDelayMs: 1, longestWaitMs: 3000 },
    onProgress: report => progress.push(report),
  };
  const into = path.join(folder, 'data');
  return {
    folder: into,
    progress,
    get: (source: string, more = {}) => getDataset(source, into, { ...options, ...more }),
  };
}

/** What is in the folder, hidden files included. */
const listed = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter(name => /\.[^/]+$/.test(name)).sort();

describe('from the hub', () => {
  const hub = async (files: Readonly<Record<string, Uint8Array>> = HUB_FILES) => {
    const [hub, set] = [await startHub(files), await setting()];
    const get = (source: string, more = {}) => set.get(source, { endpoint: hub.endpoint, ...more });
    return { ...set, hub, get };
  };

  it('one file, into the folder itself', async () => {
    const { get, folder, hub: server, progress } = await hub();
    const [file] = await get('lab/tiny:data/train.jsonl');
    expect(file).toBe(path.join(folder, 'train.jsonl'));
    expect((await readFile(file as string)).equals(TRAIN)).toBe(true);
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/api/datasets/lab/tiny/revision/main?blobs=true',
      expect.stringMatching(/^\/datasets\/lab\/tiny\/resolve\/[0-9a-f]{40}\/data\/train\.jsonl$/),
    ]);
    expect(progress.at(-1)).toMatchObject({ done: TRAIN.length, total: TRAIN.length, unit: 'bytes' });
  });

  it('all data files, in their places, and nothing else', async () => {
    const { get, folder } = await hub();
    await get('lab/tiny');
    expect(listed(folder)).toEqual(['tiny/data/test.jsonl', 'tiny/data/train.jsonl']);
  });

  it('a connection that is cut is gone on with, and the whole is checked', async () => {
    const { get, hub: server } = await hub();
    server.fault = firstTimes(1, 'train.jsonl', (_, response) => cutAfter(100_000, TRAIN, response));
    const [file] = await get('lab/tiny:data/train.jsonl');
    expect((await readFile(file as string)).equals(TRAIN)).toBe(true);
    expect(server.requestsFor('train.jsonl').map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=100000-']);
  });

  it('a file that is there and the same is not asked for again; another one is not written over', async () => {
    const { get, folder, hub: server } = await hub();
    await get('lab/tiny:data/test.jsonl');
    await get('lab/tiny:data/test.jsonl');
    expect(server.requestsFor('test.jsonl')).toHaveLength(1);
    await writeFile(path.join(folder, 'test.jsonl'), 'mine');
    await get('lab/tiny:data/test.jsonl');
    expect(listed(folder)).toEqual(['test-2.jsonl', 'test.jsonl']);
    expect(await readFile(path.join(folder, 'test.jsonl'), 'utf8')).toBe('mine');
  });

  it('a file that arrives with another hash is refused, and nothing is left of it', async () => {
    const { get, folder, hub: server } = await hub();
    server.listed.set('data/test.jsonl', { size: TEST.length, blobId: '0'.repeat(40) });
    await expect(get('lab/tiny:data/test.jsonl')).rejects.toMatchObject(reason('download-corrupt', /hash/));
    expect(listed(folder)).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['a file that is not there', 'lab/tiny:data/no.jsonl', /no data file "data\/no\.jsonl"/],
    ['a folder without data', 'lab/tiny:extra', /no data file/],
  ])('refuses %s', async (_, source, message) => {
    const { get } = await hub();
    await expect(get(source)).rejects.toMatchObject(reason('hub-no-data', message));
  });
});

describe('from an address', () => {
  async function server(handle: (request: IncomingMessage, response: ServerResponse) => void) {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      handle(request, response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }
  const serving =
    (content: Uint8Array, headers: Record<string, string> = {}) =>
    (request: IncomingMessage, response: ServerResponse) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const etag = `"${createHash('sha1').update(content).digest('hex')}"`;
      const same = from > 0 && request.headers['if-range'] === etag;
      const start = same ? from : 0;
      response.writeHead(same ? 206 : 200, { etag, 'content-length': content.length - start, ...headers });
      response.end(content.subarray(start));
    };

  test.each<[string, string, Uint8Array, Record<string, string>, Record<string, string>]>([
    ['a file under its name', '/a/b.tsv?download=1', TEST, {}, { 'b.tsv': TEST.toString() }],
    [
      'the name that the server gives',
      '/get',
      TEST,
      { 'content-disposition': 'attachment; filename="my data.jsonl"' },
      { 'my data.jsonl': TEST.toString() },
    ],
    [
      'a name that would lead out of the folder',
      '/get',
      TEST,
      { 'content-disposition': 'attachment; filename="../../evil.jsonl"' },
      { 'evil.jsonl': TEST.toString() },
    ],
    [
      'a name without an ending',
      '/collection',
      Buffer.from('ham\tone\nspam\ttwo\n'),
      {},
      { 'collection.tsv': 'ham\tone\nspam\ttwo\n' },
    ],
    ['gzip, unpacked', '/rows.jsonl.gz', gzipSync(TEST), {}, { 'rows.jsonl': TEST.toString() }],
    [
      'the data files of a zip',
      '/archive.zip',
      SEVERAL_ZIP,
      {},
      { 'readings.csv': 'text,label\na,1\n', 'test.tsv': 'x\ty\n' },
    ],
    [
      'a zip whose file has no ending',
      '/sms.zip',
      PLAIN_ZIP,
      {},
      { 'SMSSpamCollection.tsv': 'ham\tOk lar\nspam\tFree entry\n' },
    ],
  ])('%s', async (_, url, content, headers, expected) => {
    const [{ address }, { get, folder }] = [await server(serving(content, headers)), await setting()];
    const files = await get(address + url);
    expect(files.map(file => path.basename(file)).sort()).toEqual(Object.keys(expected).sort());
    expect(listed(folder)).toEqual(Object.keys(expected).sort());
    for (const [name, text] of Object.entries(expected))
      expect(await readFile(path.join(folder, name), 'utf8')).toBe(text);
  });

  it('goes on after a cut, with what is still the same file', async () => {
    let cuts = 1;
    const { address, seen } = await server((request, response) => {
      if (cuts-- > 0) {
        response.writeHead(200, {
          etag: `"${createHash('sha1').update(TRAIN).digest('hex')}"`,
          'content-length': TRAIN.length,
        });
        response.write(TRAIN.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 250));
      } else serving(TRAIN)(request, response);
    });
    const { get } = await setting();
    const [file] = await get(`${address}/train.jsonl`);
    expect((await readFile(file as string)).equals(TRAIN)).toBe(true);
    expect(seen[1]?.headers.range).toMatch(/^bytes=\d+-$/);
  });

  it('starts anew where the file has changed meanwhile', async () => {
    let content = Buffer.from('old '.repeat(50_000));
    let cuts = 1;
    const { address } = await server((request, response) => {
      if (cuts-- > 0) {
        const etag = `"${createHash('sha1').update(content).digest('hex')}"`;
        response.writeHead(200, { etag, 'content-length': content.length });
        response.write(content.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 20));
        content = TRAIN;
      } else serving(content)(request, response);
    });
    const { get } = await setting();
    const [file] = await get(`${address}/train.jsonl`);
    expect((await readFile(file as string)).equals(TRAIN)).toBe(true);
  });

  it('a cancel keeps what came, and the next time goes on from there', async () => {
    const [{ address, seen }, { get, folder }] = [
      await server((request, response) => {
        if (request.headers.range) return serving(TRAIN)(request, response);
        response.writeHead(200, {
          etag: `"${createHash('sha1').update(TRAIN).digest('hex')}"`,
          'content-length': TRAIN.length,
        });
        response.write(TRAIN.subarray(0, 50_000)); // and never more
      }),
      await setting(),
    ];
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const getting = get(`${address}/train.jsonl`, { signal: abort.signal });
    await expect(getting).rejects.toMatchObject({ code: 'cancelled' });
    expect(listed(folder).every(name => name.startsWith('.'))).toBe(true);
    const [file] = await get(`${address}/train.jsonl`);
    expect((await readFile(file as string)).equals(TRAIN)).toBe(true);
    expect(seen.at(-1)?.headers.range).toBe('bytes=50000-');
    expect(listed(folder)).toEqual(['train.jsonl']);
  });

  it('gives no token of the hub to anybody else', async () => {
    const [{ address, seen }, { get }] = [await server(serving(TEST)), await setting()];
    await get(`${address}/a.jsonl`, { token: 'hf_secret' });
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, string, RegExp]>([
    ['nothing there', (_, response) => void response.writeHead(404).end(), 'address-refused', /nothing at .*HTTP 404/],
    [
      'a web page',
      serving(Buffer.from('<html>'), { 'content-type': 'text/html; charset=utf-8' }),
      'address-web-page',
      /web page/,
    ],
    ['a server that fails', (_, response) => void response.writeHead(500).end(), 'address-refused', /HTTP 500/],
    ['a damaged zip', serving(Buffer.from('PK\u0003\u0004nothing')), 'archive-corrupt', /can't be unpacked/],
    ['a damaged gzip', serving(Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])), 'archive-corrupt', /can't be unpacked/],
  ])('refuses %s', async (_, handle, code, message) => {
    const [{ address }, { get }] = [await server(handle), await setting()];
    await expect(get(`${address}/file.zip`)).rejects.toMatchObject(reason(code, message));
  });

  test.each(['ftp://example.org/a.tsv', 'file:///etc/passwd'])('refuses %s', async source => {
    const { get } = await setting();
    await expect(get(source)).rejects.toMatchObject({ code: expect.stringMatching(/^(address|hub-name)-invalid$/) });
  });
});
