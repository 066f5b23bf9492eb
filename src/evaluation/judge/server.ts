import type { Dispatcher, Response } from 'undici';
import type { Environment } from '../../models/home.ts';
import { Transient } from '../../models/hub/retry.ts';
import { createDispatcher, isTransient, retryAfterMs } from '../../models/network.ts';
import type { ChatTurn } from '../../protocol/evaluation/host.ts';
import { cancelled } from '../../protocol/result.ts';
import type { Judge, JudgeSettings } from './judge.ts';
import { type Asked, cutOff, notAnAnswer, refusal, tooSlow, unreachable } from './refusals.ts';

/** How a server is asked for what a model says, and where in its answer that stands. */
interface Protocol {
  readonly name: string;
  readonly path: string;
  body(model: string, messages: readonly ChatTurn[], settings: JudgeSettings): object;
  /** Undefined where the answer has none. */
  content(answer: unknown): unknown;
}

interface Ollama {
  readonly message?: { readonly content?: unknown };
}

interface OpenAi {
  readonly choices?: ReadonlyArray<{ readonly message?: { readonly content?: unknown } }>;
}

/** https://docs.ollama.com/api/chat and https://platform.openai.com/docs/api-reference/chat/create */
export const PROTOCOLS = {
  ollama: {
    name: 'Ollama’s protocol',
    path: '/api/chat',
    body: (model, messages, { temperature, seed }) => ({
      model,
      messages,
      stream: false,
      options: { temperature, seed },
    }),
    content: answer => (answer as Ollama).message?.content,
  },
  openai: {
    name: 'OpenAI’s protocol',
    path: '/v1/chat/completions',
    body: (model, messages, { temperature, seed }) => ({ model, messages, temperature, seed, stream: false }),
    content: answer => (answer as OpenAi).choices?.[0]?.message?.content,
  },
} satisfies Record<string, Protocol>;

export interface ServerAccess {
  /** Without a path behind it. */
  readonly address: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly keyVariable: string | undefined;
  readonly environment: Environment;
}

/** A judge behind a server. Nothing goes anywhere but to its address, and redirects are not followed. */
export async function serverJudge(
  { name, path, body, content }: Protocol,
  access: ServerAccess,
  settings: JudgeSettings,
): Promise<Judge> {
  const { address, model, key, keyVariable } = access;
  const { fetch } = await import('undici');
  const dispatcher = await dispatcherFor(access, settings.timeoutSeconds);
  const asked: Asked = { address, model, keyVariable, hasKey: key !== undefined };

  const request = async (messages: readonly ChatTurn[], signal: AbortSignal): Promise<string> => {
    const response = await fetch(address + path, {
      method: 'POST',
      redirect: 'error',
      dispatcher,
      signal,
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body(model, messages, settings)),
    }).catch(error => Promise.reject(new Transient(unreachable(address, error))));
    if (!response.ok) throw await failure(response, asked);
    const text = await response.text().catch(error => Promise.reject(new Transient(cutOff(address, error))));
    const said = content(parsed(text) ?? {});
    if (typeof said !== 'string') throw new Transient(notAnAnswer(address, name, text));
    return said;
  };

  return {
    async ask(messages, signal) {
      const timeout = AbortSignal.timeout(1000 * settings.timeoutSeconds);
      try {
        return await request(messages, AbortSignal.any([timeout, signal]));
      } catch (error) {
        if (signal.aborted) throw cancelled();
        throw timeout.aborted ? new Transient(tooSlow(address, settings.timeoutSeconds)) : error;
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** What is on this machine is never asked through a proxy. */
async function dispatcherFor({ address, environment }: ServerAccess, timeoutSeconds: number): Promise<Dispatcher> {
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
  return createDispatcher(local ? {} : environment, 1000 * (timeoutSeconds + 1));
}

/** A server that fails may do better the next time. */
async function failure(response: Response, asked: Asked): Promise<Error> {
  const { status } = response;
  const reason = refusal({ status, said: errorIn(await response.text().catch(() => '')) }, asked);
  return isTransient(status) ? new Transient(reason, { waitMs: retryAfterMs(response) }) : reason;
}

/** Ollama: {"error": "…"}; OpenAI: {"error": {"message": "…"}}. */
function errorIn(text: string): string {
  const error = (parsed(text) as { error?: unknown } | undefined)?.error;
  const said = typeof error === 'string' ? error : (error as { message?: unknown } | undefined)?.message;
  return typeof said === 'string' ? said.slice(0, 300) : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
