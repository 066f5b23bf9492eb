import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Response } from 'undici';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { exists, fileError, makeFolder } from '../files.ts';
import { connect, type HubClient, type Words } from './client.ts';
import { freeBytes, requireSpace } from './diskSpace.ts';
import type { DownloadOptions } from './download.ts';
import { freeName } from './fileNames.ts';
import { createMeter, type Meter } from './meter.ts';
import { causeOf } from './refusals.ts';
import { DEFAULT_RETRY, Transient } from './retry.ts';
import { sizeOf } from './transfer.ts';

/**
 * Brings a file from an http or https address into a folder, under the name that the server or the address gives it.
 * What came before a cut or a cancel is continued, as long as the server says that it is still the same file. It
 * appears under its name when it is whole; a file of the name that is there is not written over.
 * @throws Reasoned `address-invalid`, `address-refused`, `address-unreachable`, `address-web-page`, or the disk's reason.
 */
export async function downloadAddress(address: string, folder: string, options: DownloadOptions): Promise<string> {
  const { environment, signal, onProgress } = options;
  const url = parseAddress(address);
  const say = (message: string): void => onProgress?.({ message, done: 0, unit: 'bytes' });
  say(`Asking ${url.host}`);
  const client = await connect({
    endpoint: url.origin,
    token: undefined, // tokens of a hub are nobody else's business
    environment,
    signal,
    retry: options.retry ?? DEFAULT_RETRY,
    onWait: (waitMs, why) => say(`${why.message} Trying again in ${Math.ceil(waitMs / 1000)} s`),
    words,
  });
  try {
    await makeFolder(folder);
    const partial = partialFiles(folder, url);
    const received = await client.retrying(() => receive(client, url, partial, { ...options, folder }));
    const target = await freeName(join(folder, received));
    await rename(partial.content, target);
    await rm(partial.validator, { force: true });
    return target;
  } catch (error) {
    throw fileError(error, folder);
  } finally {
    await client.close();
  }
}

function parseAddress(address: string): URL {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return rawAddress(new URL(address));
  throw new Reasoned(
    'address-invalid',
    `"${address}" is no address of a file: it starts with neither http:// nor https://.`,
    'Copy the address of the file itself.',
  );
}

/** GitHub's pages of files lead to the files. */
function rawAddress(url: URL): URL {
  const [, repository, path] = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(url.pathname) ?? [];
  return url.host === 'github.com' && repository
    ? new URL(`https://raw.githubusercontent.com/${repository}/${path}`)
    : url;
}

interface Partial {
  readonly content: string;
  /** What the server said of the file that the content is the beginning of. */
  readonly validator: string;
}

function partialFiles(folder: string, url: URL): Partial {
  const content = join(
    folder,
    `.${createHash('sha256').update(url.href).digest('hex').slice(0, 16)}.lm-lab.incomplete`,
  );
  return { content, validator: `${content}.etag` };
}

type ReceiveOptions = DownloadOptions & { readonly folder: string };

/** One request for what is missing. @returns The file's name. */
async function receive(client: HubClient, url: URL, partial: Partial, options: ReceiveOptions): Promise<string> {
  const known = (await exists(partial.validator)) ? await readFile(partial.validator, 'utf8') : '';
  const have = known === '' ? 0 : await sizeOf(partial.content);
  const response = await client.once(url.pathname + url.search, {
    asked: { repo: url.href, revision: '' },
    headers: have > 0 ? { range: `bytes=${have}-`, 'if-range': known } : {},
  });
  if (response.status === 416) {
    await response.body?.cancel();
    await rm(partial.validator, { force: true });
    throw new Transient(words.unreachable(url.origin, new Error('it does not go on with what was downloaded')), {
      progressed: false,
    });
  }
  if (/\btext\/html\b/.test(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    throw webPage(url);
  }
  const start = response.status === 206 ? have : 0;
  const total = totalOf(response, start);
  if (total !== undefined) await requireSpace(options.folder, total - start, options.free ?? freeBytes);
  await writeFile(partial.validator, validatorOf(response));
  const name = nameOf(response, url);
  const meter = createMeter(total, options.onProgress);
  meter.say(`Downloading ${name}`);
  meter.skip(start);
  const end = await append(client, response, partial.content, start, { meter, signal: options.signal, url, have });
  if (total !== undefined && end !== total) throw cut(url, end, total, have);
  return name;
}

/** A strong validator alone can say that a range is of the same file (RFC 9110, 13.1.5). */
function validatorOf({ headers }: Response): string {
  const etag = headers.get('etag');
  return etag !== null && !etag.startsWith('W/') ? etag : (headers.get('last-modified') ?? '');
}

/** In bytes; undefined where it is not told, or told of a packed form. */
function totalOf({ headers }: Response, start: number): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : start + Number(length);
}

interface Appending {
  readonly meter: Meter;
  readonly signal: AbortSignal | undefined;
  readonly url: URL;
  readonly have: number;
}

/** @returns How long the file is then. */
async function append(
  client: HubClient,
  response: Response,
  file: string,
  start: number,
  { meter, signal, url, have }: Appending,
): Promise<number> {
  let position = start;
  const handle = await open(file, start > 0 ? 'r+' : 'w');
  try {
    for await (const piece of client.body(response)) {
      await handle.write(piece, 0, piece.length, position);
      position += piece.length;
      meter.add(piece.length);
      throwIfAborted(signal);
    }
  } catch (error) {
    throw error instanceof Transient ? cut(url, position, undefined, have) : error;
  } finally {
    await handle.close();
  }
  return position;
}

function cut(url: URL, at: number, total: number | undefined, have: number): Transient {
  const of = total === undefined ? '' : ` of ${total}`;
  return new Transient(words.unreachable(url.origin, new Error(`the connection was cut after ${at}${of} bytes`)), {
    progressed: at > have,
  });
}

/** As the server calls it, or the last part of the address; nothing that leads out of a folder. */
function nameOf({ headers }: Response, url: URL): string {
  const disposition = headers.get('content-disposition') ?? '';
  const encoded = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/.exec(disposition)?.[1];
  const given = encoded === undefined ? (plain ?? decoded(url.pathname)) : decoded(encoded);
  const name = basename(given.replaceAll('\\', '/')).replaceAll(/[<>:"|?*\p{Cc}]/gu, '-');
  return /^\.*$/.test(name) ? 'dataset' : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that stands for itself
  }
}

const words: Words = {
  refusal: ({ status }, { repo }) =>
    new Reasoned(
      'address-refused',
      status === 404 || status === 410
        ? `There is nothing at ${repo} (HTTP ${status}).`
        : `The server does not give ${repo} (HTTP ${status}).`,
      'Check the address by opening it in a browser.',
    ),
  unreachable: (endpoint, cause) =>
    new Reasoned(
      'address-unreachable',
      `${endpoint} could not be reached: ${causeOf(cause)}.`,
      'Check the connection, and HTTPS_PROXY where there is a proxy. What was downloaded is kept.',
      { cause },
    ),
};

const webPage = (url: URL): Reasoned =>
  new Reasoned(
    'address-web-page',
    `${url.href} is a web page, not a data file.`,
    'Copy the address of the file itself: often that of a button such as “Raw” or “Download”.',
  );
