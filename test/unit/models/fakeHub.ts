import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Which of the two servers: the hub, or the store that it redirects large files to. */
  readonly server: 'hub' | 'store';
}

/** Answers a request instead of the hub, when it returns true. */
export type Fault = (request: SeenRequest, response: ServerResponse) => boolean;

export interface FakeHub {
  readonly endpoint: string;
  readonly seen: SeenRequest[];
  /** What the listing says of a file, where it should not be the truth. */
  readonly listed: Map<string, object>;
  fault: Fault;
  requestsFor(path: string): SeenRequest[];
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const gitHash = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** A large file is kept as LFS, as the hub does with weights. */
const isLarge = (path: string): boolean => /\.(safetensors|bin)$/.test(path);

/**
 * A hub with one repository, `lab/tiny`, on the loopback; its large files are on a second port. It closes when the test
 * has finished, or as `atEnd` has it.
 */
export async function startHub(
  files: Readonly<Record<string, Uint8Array>>,
  atEnd: (close: () => void) => void = onTestFinished,
): Promise<FakeHub> {
  const seen: SeenRequest[] = [];
  const listed = new Map<string, object>();
  let storeAddress = '';

  const handle = (
    server: SeenRequest['server'],
    answer: (url: URL, request: SeenRequest, response: ServerResponse) => void,
  ) =>
    listen(atEnd, (message, response) => {
      const { method = '', url = '', headers } = message;
      const request = { method, url, headers, server };
      seen.push(request);
      if (!hub.fault(request, response)) answer(new URL(url, 'http://localhost'), request, response);
    });

  storeAddress = await handle('store', (url, request, response) => {
    const file = files[url.pathname.slice(1)];
    if (file) sendRange(file, request, response);
    else response.writeHead(404).end();
  });

  const endpoint = await handle('hub', (url, request, response) => {
    const api = /^\/api\/(?:models|datasets)\/lab\/tiny\/revision\/([^/]+)$/.exec(url.pathname);
    if (api) {
      if (!['main', 'v1', 'refs/pr/1', COMMIT].includes(decodeURIComponent(api[1] as string)))
        return response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
      return response.writeHead(200).end(JSON.stringify({ sha: COMMIT, siblings: siblings(files, listed) }));
    }
    const path = /^(?:\/datasets)?\/lab\/tiny\/resolve\/([0-9a-f]{40})\/(.*)$/.exec(url.pathname)?.[2];
    const file = path === undefined ? undefined : files[path];
    if (path === undefined) return response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    if (!file) return response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    if (!isLarge(path)) return sendRange(file, request, response);
    const linked = { 'x-linked-size': file.length, 'x-linked-etag': `"${sha256(file)}"` };
    return response.writeHead(302, { location: `${storeAddress}/${path}`, ...linked }).end();
  });

  const hub: FakeHub = {
    endpoint,
    seen,
    listed,
    fault: () => false,
    requestsFor: path => seen.filter(request => request.url.endsWith(path)),
  };
  return hub;
}

function siblings(files: Readonly<Record<string, Uint8Array>>, listed: ReadonlyMap<string, object>): object[] {
  const names = new Set([...Object.keys(files), ...listed.keys()]);
  return [...names].map(rfilename => {
    const override = listed.get(rfilename);
    if (override) return { rfilename, ...override };
    const bytes = files[rfilename] as Uint8Array;
    const lfs = isLarge(rfilename) && { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 130 } };
    return { rfilename, size: bytes.length, blobId: gitHash(bytes), ...lfs };
  });
}

function sendRange(file: Uint8Array, { method, headers }: SeenRequest, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  if (from >= file.length && from > 0) return void response.writeHead(416).end();
  const etag = `"${gitHash(file)}"`;
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': file.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
  });
  response.end(method === 'HEAD' ? undefined : file.subarray(from));
}

/** Sends the first bytes of a whole answer, then cuts the connection. */
export function cutAfter(bytes: number, file: Uint8Array, response: ServerResponse): true {
  response.writeHead(200, { 'content-length': file.length });
  response.write(file.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
  return true;
}

function listen(
  atEnd: (close: () => void) => void,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handler);
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
