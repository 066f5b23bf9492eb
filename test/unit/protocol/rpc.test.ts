import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Call, Progress, StreamingCall } from '../../../src/protocol/engine.ts';
import { err, ok, Reasoned, type Result } from '../../../src/protocol/result.ts';
import { client, serve } from '../../../src/protocol/rpc.ts';

interface TestApi {
  echo(request: unknown, call?: Call): Promise<Result<unknown>>;
  refuse(request: unknown, call?: Call): Promise<Result<unknown>>;
  fail(request: { how: string }, call?: Call): Promise<Result<unknown>>;
  wait(request: { name: string }, call?: Call): Promise<Result<unknown>>;
  count(request: { to: number }, call?: Call): Promise<Result<number>>;
  spell(request: { word: string }, call?: StreamingCall<string>): Promise<Result<string>>;
}

const open: Array<{ end(): void }> = [];
afterEach(() => open.splice(0).forEach(pair => pair.end()));

/** Both sides over streams in memory. */
function connect() {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const server = createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back));
  const caller = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
  const aborted: string[] = [];
  const begun: string[] = [];
  const api: TestApi = {
    echo: async request => ok(request),
    refuse: async () => err('refused', 'No.', 'Ask for something else.'),
    fail: async ({ how }) => {
      if (how === 'reasoned') throw new Reasoned('broken', 'It broke.', 'Mend it.');
      throw how === 'error' ? new Error('it burst') : 'a string';
    },
    wait: ({ name }, call) =>
      new Promise(resolve => {
        begun.push(name);
        call?.signal?.addEventListener('abort', () => {
          aborted.push(name);
          resolve(err('cancelled', 'Stopped.', 'Go on.'));
        });
      }),
    count: async ({ to }, call) => {
      for (let done = 0; done <= to; done++)
        call?.onProgress?.({ message: 'Counting', done, total: to, unit: 'texts' });
      return ok(to);
    },
    spell: async ({ word }, call) => {
      for (const letter of word) call?.onUpdate?.(letter);
      return ok(word);
    },
  };
  serve<TestApi>(server, api);
  server.listen();
  const losses: unknown[] = [];
  const remote = client<TestApi>(caller, cause => {
    losses.push(cause);
    return err('lost', 'The other side is gone.', 'Try again.');
  });
  caller.listen();
  open.push({ end: () => [server, caller].forEach(connection => connection.dispose()) });
  return { remote, server, caller, there, back, aborted, begun, losses };
}

test.each([
  ['a number', 3],
  ['null', null],
  ['text with everything in it', 'a\u0000"\\\n😀 é'],
  ['a list', [1, [2], { three: 3 }]],
  ['an object', { text: 'x', offset: 0 }],
])('%s comes back as it went', async (_, request) => {
  expect(await connect().remote.echo(request)).toEqual(ok(request));
});

test('an error comes back as a result', async () => {
  const { remote, losses } = connect();
  expect(await remote.refuse({})).toEqual(err('refused', 'No.', 'Ask for something else.'));
  expect(losses).toEqual([]);
});

test.each([
  ['reasoned', { code: 'broken', message: 'It broke.', remedy: 'Mend it.' }],
  ['error', { code: 'unexpected', message: expect.stringContaining('it burst') }],
  ['string', { code: 'unexpected', message: expect.stringContaining('a string') }],
])('what a method throws (%s) comes back as a reason', async (how, error) => {
  expect(await connect().remote.fail({ how })).toMatchObject({ ok: false, error });
});

test.each(['nothing', 'toString', 'constructor', '__proto__', 'hasOwnProperty'])(
  'no method is called “%s”',
  async name => {
    const { caller } = connect();
    expect(await caller.sendRequest(name, { request: {} })).toMatchObject({
      ok: false,
      error: { code: 'method-unknown', message: expect.stringContaining(name) },
    });
  },
);

test('a cancel reaches the other side, and the right call alone', async () => {
  const { remote, aborted, begun } = connect();
  const [first, second] = [new AbortController(), new AbortController()];
  const calls = [
    remote.wait({ name: 'first' }, { signal: first.signal }),
    remote.wait({ name: 'second' }, { signal: second.signal }),
  ];
  await expect.poll(() => begun).toEqual(['first', 'second']);
  second.abort();
  expect(await calls[1]).toMatchObject({ error: { code: 'cancelled' } });
  expect(aborted).toEqual(['second']);
  first.abort();
  expect(await calls[0]).toMatchObject({ error: { code: 'cancelled' } });
});

test('a call that is cancelled already is cancelled on the other side', async () => {
  const { remote, aborted } = connect();
  const result = await remote.wait({ name: 'late' }, { signal: AbortSignal.abort() });
  expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(aborted).toEqual(['late']);
});

test('progress comes in order, before the result, to the call that asked for it', async () => {
  const { remote } = connect();
  const reports: number[][] = [[], []];
  const count = async (to: number, which: number) => {
    const result = await remote.count({ to }, { onProgress: ({ done }: Progress) => reports[which]?.push(done) });
    expect(reports[which]).toHaveLength(to + 1);
    return result;
  };
  expect(await Promise.all([count(3, 0), count(5, 1), remote.count({ to: 2 })])).toEqual([ok(3), ok(5), ok(2)]);
  expect(reports).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3, 4, 5],
  ]);
});

test.each<[string, (pair: ReturnType<typeof connect>) => void]>([
  ['the other side’s stream ends', ({ back }) => back.end()],
  ['the stream is destroyed', ({ back }) => back.destroy()],
  ['the connection is disposed', ({ caller }) => caller.dispose()],
])(
  'when %s, every pending call is settled, and so are later ones',
  async (_, close) => {
    const pair = connect();
    const pending = [pair.remote.wait({ name: 'a' }), pair.remote.wait({ name: 'b' }), pair.remote.wait({ name: 'c' })];
    await expect.poll(() => pair.begun).toHaveLength(3);
    close(pair);
    const lost = { ok: false, error: { code: 'lost' } };
    expect(await Promise.all(pending)).toMatchObject([lost, lost, lost]);
    expect(await pair.remote.echo(1)).toMatchObject(lost);
    expect(pair.losses).toHaveLength(4);
  },
  3000,
);

test('the side that serves cancels what nobody waits for any more', async () => {
  const pair = connect();
  const lost = pair.remote.wait({ name: 'orphan' });
  await expect.poll(() => pair.begun).toEqual(['orphan']);
  pair.there.end();
  await expect.poll(() => pair.aborted).toEqual(['orphan']);
  pair.caller.dispose();
  expect(await lost).toMatchObject({ ok: false });
});

test('a client may be awaited and passed around: it is no promise', async () => {
  const { remote } = connect();
  expect(await (await Promise.resolve(remote)).echo(1)).toEqual(ok(1));
});

test('parts of an answer come in order and before it, each to the call that they belong to', async () => {
  const { remote } = connect();
  const told = { first: '', second: '' };
  const first = remote.spell({ word: 'zebra' }, { onUpdate: letter => (told.first += letter) });
  const second = remote.spell({ word: 'ox' }, { onUpdate: letter => (told.second += letter), onProgress: () => {} });
  expect([await first, told.first]).toEqual([ok('zebra'), 'zebra']);
  expect([await second, told.second]).toEqual([ok('ox'), 'ox']);
  expect(await remote.spell({ word: 'unheard' })).toEqual(ok('unheard'));
});
