import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { EngineProcess, type EngineProcessOptions } from '../../../../src/host/processes/engineProcess.ts';
import type { EngineApi } from '../../../../src/protocol/engine.ts';
import type { HostApi } from '../../../../src/protocol/evaluation/host.ts';
import { ok, type Result } from '../../../../src/protocol/result.ts';

type Echo = { name: string; processId: number; options: { starterFolder: string } };
type Ask = (what: Record<string, string>, signal?: AbortSignal) => Promise<Result<Echo>>;

const NO_HOST: HostApi = {
  askLanguageModel: async () => ok(''),
  judgeKey: async () => ok(null),
};

const engines: EngineProcess[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
});

function start(options: Partial<EngineProcessOptions> = {}): { engine: EngineProcess; ask: Ask; log: string[] } {
  const log: string[] = [];
  const launch = () => ({
    module: path.join(import.meta.dirname, 'fakeEngine.ts'),
    options: { starterFolder: '/starter' },
    env: process.env,
    host: NO_HOST,
    log: (line: string) => log.push(line),
  });
  const engine = new EngineProcess({ launch, idleMinutes: () => 0, log: line => log.push(line), ...options });
  engines.push(engine);
  const score = engine.api.score as unknown as (request: unknown, call?: object) => Promise<Result<Echo>>;
  return { engine, log, ask: (what, signal) => score(what, signal && { signal }) };
}

const value = (result: Result<Echo>): Echo => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

test('starts with the first request, keeps its process, and hands its options and log on', async () => {
  const { engine, ask, log } = start();
  expect(engine.state).toBe('stopped');
  const first = value(await ask({}));
  expect(first).toMatchObject({ name: 'score', options: { starterFolder: '/starter' } });
  expect(value(await ask({})).processId).toBe(first.processId);
  expect(engine.processId).toBe(first.processId);
  expect(engine.state).toBe('idle');
  expect(log).toContain('fake engine is up');
});

test.each([
  [{ do: 'exit', code: '7' }, /exit code 7/],
  [{ do: 'kill' }, /signal SIGKILL/],
])(
  'a process that goes with %o ends all that is pending with the reason, and the next request works',
  async (how, why) => {
    const { ask } = start();
    const before = value(await ask({})).processId;
    const results = await Promise.all([ask({ do: 'wait' }), ask(how)]);
    for (const result of results) {
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'engine-stopped', message: expect.stringMatching(why) },
      });
    }
    expect(value(await ask({})).processId).not.toBe(before);
  },
);

test('an engine that hangs past the deadline is killed, though it blocks its event loop', async () => {
  const { ask } = start({ deadlineSeconds: { score: 0.5 } });
  const result = await ask({ do: 'block' });
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'engine-stopped', message: expect.stringMatching(/“score” for 0.5 s/) },
  });
});

test('an aborted request is over at once, and the engine lives on', async () => {
  const { ask } = start();
  const before = value(await ask({})).processId;
  const abort = new AbortController();
  const pending = ask({ do: 'wait' }, abort.signal);
  abort.abort();
  expect(await pending).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(value(await ask({})).processId).toBe(before);
});

test('is unloaded when it has been idle, and not while something is pending', async () => {
  const { engine, ask } = start({ idleMinutes: () => 0.2 / 60 });
  await ask({});
  const abort = new AbortController();
  const pending = ask({ do: 'wait' }, abort.signal);
  await new Promise(resolve => setTimeout(resolve, 500));
  expect(engine.state).toBe('busy');
  abort.abort();
  await pending;
  await expect.poll(() => engine.state).toBe('stopped');
  expect((await ask({})).ok).toBe(true);
});

test('a module that is not there is told as such', async () => {
  const module = path.join(import.meta.dirname, 'missing.cjs');
  const launch = () => ({
    module,
    options: { starterFolder: '' },
    env: process.env,
    host: NO_HOST,
    log: () => undefined,
  });
  const engine = new EngineProcess({ launch, idleMinutes: () => 0, log: () => undefined });
  engines.push(engine);
  const result = await (engine.api as EngineApi).listModels({});
  expect(result).toMatchObject({ ok: false, error: { code: 'engine-stopped' } });
});
