import { CancellationTokenSource, type MessageConnection, ProgressType } from 'vscode-jsonrpc/node';
import type { Call, Progress, StreamingCall } from './engine.ts';
import { err, reasonOf, type Result } from './result.ts';

/** An interface whose methods take one request and a `Call`, and answer with a `Result`. */
export type Api<A> = { [M in keyof A]: (request: never, call?: Call) => Promise<Result<unknown>> };

type Method = (request: unknown, call: StreamingCall<unknown>) => Promise<Result<unknown>>;

interface Envelope {
  readonly request: unknown;
  /** Under which numbers the caller is told of progress and given parts of the answer, where it wants them. */
  readonly progress?: number;
  readonly updates?: number;
}

const PROGRESS = new ProgressType<Progress>();
const UPDATE = new ProgressType<unknown>();

/**
 * Answers every request on the connection with the method of that name. The method names stand in the interface alone.
 * A connection that closes cancels what is under way.
 */
export function serve<A extends Api<A>>(connection: MessageConnection, api: A): void {
  connection.onRequest(async (name: string, params: unknown, token) => {
    const { request, progress, updates } = (Array.isArray(params) ? params[0] : params) as Envelope;
    if (!Object.hasOwn(api, name))
      return err(
        'method-unknown',
        `The engine has no method "${name}".`,
        'Reload the window: two versions may be mixed.',
      );
    const method = api[name as keyof A] as unknown as Method;
    const abort = new AbortController();
    const listeners = [token.onCancellationRequested, connection.onClose].map(ends => ends(() => abort.abort()));
    const onProgress = (value: Progress): void => {
      if (progress !== undefined) void connection.sendProgress(PROGRESS, progress, value);
    };
    const onUpdate = (value: unknown): void => {
      if (updates !== undefined) void connection.sendProgress(UPDATE, updates, value);
    };
    try {
      return await method.call(api, request, { signal: abort.signal, onProgress, onUpdate });
    } catch (error) {
      return { ok: false, error: reasonOf(error) };
    } finally {
      for (const listener of listeners) listener.dispose();
    }
  });
}

/**
 * The other side of `serve`. A connection that closes rejects what is pending: `onLost` says with which reason the
 * calls then end, so that no promise is left open.
 */
export function client<A extends Api<A>>(connection: MessageConnection, onLost: (cause: unknown) => Result<never>): A {
  connection.onClose(() => connection.dispose()); // which rejects what is pending; closing alone does not
  let listeners = 0;
  const listening = <T>(type: ProgressType<T>, listener: ((value: T) => void) | undefined) => {
    if (!listener) return undefined;
    const number = ++listeners;
    return { number, stop: connection.onProgress(type, number, listener) };
  };
  const request = async (
    name: string,
    request: unknown,
    { signal, onProgress, onUpdate }: StreamingCall<unknown> = {},
  ): Promise<Result<unknown>> => {
    const cancel = new CancellationTokenSource();
    const abort = (): void => cancel.cancel();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const [progress, updates] = [listening(PROGRESS, onProgress), listening(UPDATE, onUpdate)];
    const envelope = { request, progress: progress?.number, updates: updates?.number } as Envelope;
    try {
      return await connection.sendRequest<Result<unknown>>(name, envelope, cancel.token);
    } catch (error) {
      return onLost(error);
    } finally {
      signal?.removeEventListener('abort', abort);
      progress?.stop.dispose();
      updates?.stop.dispose();
      cancel.dispose();
    }
  };
  return new Proxy({} as A, {
    get: (_, name) =>
      name === 'then'
        ? undefined
        : (value: unknown, call?: StreamingCall<unknown>) => request(String(name), value, call),
  });
}
