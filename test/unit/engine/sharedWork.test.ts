import { expect, test } from 'vitest';
import type { Call, Progress } from '../../../src/protocol/engine.ts';
import { SharedWork } from '../../../src/engine/sharedWork.ts';

/** Work that a test finishes by hand. */
function started() {
  const settle: Array<{ finish: (value: string) => void; fail: (error: Error) => void }> = [];
  const calls: Call[] = [];
  const work = new SharedWork<string>(call => {
    calls.push(call);
    return new Promise((finish, fail) => void settle.push({ finish, fail }));
  });
  const [{ finish, fail }] = settle as [(typeof settle)[number]];
  return { work, calls, finish, fail };
}

const waiting = { code: 'cancelled' };

test('all who wait get the one result, and later callers too', async () => {
  const { work, calls, finish } = started();
  const both = [work.wait({}), work.wait({})];
  finish('done');
  expect(await Promise.all(both)).toEqual(['done', 'done']);
  expect(await work.wait({})).toBe('done');
  expect(calls).toHaveLength(1);
  expect(work.abandoned).toBe(false);
});

test('who gives up is told at once, and the others go on', async () => {
  const { work, calls, finish } = started();
  const abort = new AbortController();
  const [one, other] = [work.wait({ signal: abort.signal }), work.wait({})];
  abort.abort();
  await expect(one).rejects.toMatchObject(waiting);
  expect(calls[0]?.signal?.aborted).toBe(false);
  finish('done');
  expect(await other).toBe('done');
});

test('when the last one gives up the work is cancelled', async () => {
  const { work, calls, fail } = started();
  const signals = [new AbortController(), new AbortController()];
  const both = signals.map(({ signal }) => expect(work.wait({ signal })).rejects.toMatchObject(waiting));
  signals[0]?.abort();
  expect(work.abandoned).toBe(false);
  signals[1]?.abort();
  await Promise.all(both);
  expect([work.abandoned, calls[0]?.signal?.aborted]).toEqual([true, true]);
  fail(new Error('stopped'));
  await expect(work.result).rejects.toThrow('stopped');
});

test('a failure is told to all', async () => {
  const { work, fail } = started();
  const both = [work.wait({}), work.wait({ signal: new AbortController().signal })];
  fail(new Error('burst'));
  for (const one of both) await expect(one).rejects.toThrow('burst');
  expect(work.abandoned).toBe(false);
});

test('progress reaches all who wait, and nobody else', async () => {
  const { work, calls, finish } = started();
  const seen: string[] = [];
  const listen = (name: string): Call => ({ onProgress: ({ done }) => seen.push(`${name} ${done}`) });
  const abort = new AbortController();
  const first = work.wait({ ...listen('first'), signal: abort.signal });
  const second = work.wait(listen('second'));
  const report = (done: number) => calls[0]?.onProgress?.({ message: 'm', unit: 'bytes', done } satisfies Progress);
  report(1);
  abort.abort();
  await expect(first).rejects.toMatchObject(waiting);
  report(2);
  finish('done');
  await second;
  expect(seen).toEqual(['first 1', 'second 1', 'second 2']);
});
