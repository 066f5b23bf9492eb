import { cancelled } from './result.ts';

/**
 * What is waited for, unless the signal ends the waiting before: whoever does the work may look at the signal late, or
 * never, and what still comes of it is dropped.
 * @throws Reasoned `cancelled`
 */
export async function unlessAborted<T>(value: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return value;
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(cancelled());
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
