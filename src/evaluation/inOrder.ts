import { throwIfAborted } from '../protocol/result.ts';

/**
 * Works on several items at once and gives the results in the items' order. The first failure ends all of it, once the
 * work that is under way has heard of it.
 */
export async function* inOrder<Item, T>(
  items: AsyncIterable<Item> | Iterable<Item>,
  concurrency: number,
  work: (item: Item, signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const abort = new AbortController();
  const together = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
  const underWay: Promise<T>[] = [];
  try {
    for await (const item of items) {
      throwIfAborted(signal);
      const result = work(item, together);
      result.catch(() => undefined); // it is heard of when its turn comes
      underWay.push(result);
      if (underWay.length >= concurrency) yield await (underWay.shift() as Promise<T>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<T>);
  } finally {
    abort.abort();
    await Promise.allSettled(underWay);
  }
}
