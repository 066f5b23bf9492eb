import type { Response } from 'undici';
import { cancelled, type Reasoned } from '../../protocol/result.ts';
import type { Environment } from '../home.ts';
import { createDispatcher, isTransient, retryAfterMs } from '../network.ts';
import { type Asked, refusal, unreachable } from './refusals.ts';
import { type RetryPolicy, Transient, withRetries } from './retry.ts';

export interface HubAccess {
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly environment: Environment;
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  readonly onWait: (waitMs: number, why: Reasoned) => void;
  /** How what goes wrong is told. Absent: as of a hub. */
  readonly words?: Words;
}

export interface Words {
  readonly refusal: typeof refusal;
  readonly unreachable: typeof unreachable;
}

export interface HubRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** `manual` gives the redirect itself, which carries what the hub says about a large file. */
  readonly redirect?: 'follow' | 'manual';
  readonly asked: Asked;
}

export interface HubClient {
  readonly endpoint: string;
  /** The bytes of an answer, as they come. */
  body(response: Response): AsyncIterable<Uint8Array>;
  /** One request: an answer that is not an error, or `Transient`, or a Reasoned. */
  once(path: string, request: HubRequest): Promise<Response>;
  /** The body of one request. */
  text(path: string, request: HubRequest): Promise<string>;
  /** Repeats what fails with `Transient`. */
  retrying<T>(attempt: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Silence for so long counts as a cut connection. */
const SILENCE_MS = 30_000;
const RANGE_NOT_SATISFIABLE = 416;

/** undici is loaded when a download starts, and not before. */
export async function connect(access: HubAccess): Promise<HubClient> {
  const { fetch } = await import('undici');
  const dispatcher = await createDispatcher(access.environment, SILENCE_MS);
  const { endpoint, token, signal, words = { refusal, unreachable } } = access;
  const cutOff = (error: unknown): Error =>
    signal?.aborted ? cancelled() : new Transient(words.unreachable(endpoint, error));

  const once: HubClient['once'] = async (path, { method = 'GET', headers = {}, redirect = 'follow', asked }) => {
    // The fetch standard drops `authorization` when a redirect leads to another origin (undici does; there is a test).
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(endpoint + path, {
      method,
      redirect,
      dispatcher,
      headers: { 'user-agent': 'lm-lab', 'accept-encoding': 'identity', ...authorization, ...headers },
      signal: signal ?? null,
    }).catch(error => Promise.reject(cutOff(error)));
    if (response.status < 400 || response.status === RANGE_NOT_SATISFIABLE) return response;
    await response.body?.cancel();
    const reason = words.refusal(response, asked, { endpoint, hasToken: token !== undefined });
    throw isTransient(response.status) ? new Transient(reason, { waitMs: retryAfterMs(response) }) : reason;
  };

  return {
    endpoint,
    once,
    async text(path, request) {
      const response = await once(path, request);
      return response.text().catch(error => Promise.reject(cutOff(error)));
    },
    async *body(response) {
      try {
        if (response.ok && response.body) yield* response.body as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw cutOff(error);
      }
    },
    retrying: attempt => withRetries({ policy: access.retry, signal, onWait: access.onWait }, attempt),
    close: () => dispatcher.destroy(),
  };
}
