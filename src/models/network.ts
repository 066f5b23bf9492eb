import type { Dispatcher, Response } from 'undici';
import type { Environment } from './home.ts';

/** With the proxy that the environment names, as other command-line programs take it. Silence for so long is a cut connection. */
export async function createDispatcher(environment: Environment, silenceMs: number): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const timeouts = { headersTimeout: silenceMs, bodyTimeout: silenceMs, connect: { timeout: silenceMs } };
  const named = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const [httpProxy, httpsProxy, noProxy] = [named('HTTP_PROXY'), named('HTTPS_PROXY'), named('NO_PROXY')];
  if (httpProxy === '' && httpsProxy === '') return new Agent(timeouts);
  return new EnvHttpProxyAgent({ ...timeouts, httpProxy, httpsProxy, noProxy });
}

/** Whether a failure may pass. */
export const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Retry-After: seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterMs({ headers }: Pick<Response, 'headers'>): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
