import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DownloadOptions, download } from '../../../src/models/hub/download.ts';
import { parseHubName } from '../../../src/models/hub/names.ts';
import type { Progress } from '../../../src/protocol/engine.ts';
import { type Fault, type FakeHub, startHub } from './fakeHub.ts';
import { fixture, temporaryFolder } from './temporary.ts';

export const MODEL = await readFile(fixture('tied/model.safetensors'));
export const CONFIG = await readFile(fixture('tied/config.json'));
export const TOKENIZER = Buffer.from('{"version":"1.0"}');
export const FILES = {
  'config.json': CONFIG,
  'tokenizer.json': TOKENIZER,
  'model.safetensors': MODEL,
  'README.md': TOKENIZER,
};

export interface Setting {
  readonly hub: FakeHub;
  readonly cache: string;
  readonly repository: string;
  readonly progress: Progress[];
  get(name?: string, options?: Partial<DownloadOptions>): Promise<string>;
}

/** A hub, an empty cache, and `get`, which downloads from the one into the other with little patience. */
export async function setting(files: Readonly<Record<string, Uint8Array>> = FILES): Promise<Setting> {
  const hub = await startHub(files);
  const cache = await temporaryFolder();
  const progress: Progress[] = [];
  const options: DownloadOptions = {
    environment: { HF_HUB_CACHE: cache, HF_ENDPOINT: hub.endpoint, HF_TOKEN_PATH: join(cache, 'no-token') },
    retry: { attempts: 3, firstDelayMs: 1, longestWaitMs: 3000 },
    onProgress: report => progress.push(report),
  };
  const get = (name = 'lab/tiny', more = {}) => download(parseHubName(name), { ...options, ...more });
  return { hub, cache, repository: join(cache, 'models--lab--tiny'), progress, get };
}

/** The fault for the first `times` requests that end with `path`. */
export function firstTimes(times: number, path: string, fault: Fault): Fault {
  let left = times;
  return (request, response) => request.url.endsWith(path) && left-- > 0 && fault(request, response);
}

export const answering =
  (status: number, headers: Record<string, string> = {}): Fault =>
  (_, response) => {
    response.writeHead(status, headers).end('an error page');
    return true;
  };
