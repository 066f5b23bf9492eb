import { expect, test } from 'vitest';
import { type Job, type JobsRequest, runJobs } from '../../../../src/host/generation/requests.ts';
import type { EngineApi, StreamingCall } from '../../../../src/protocol/engine.ts';
import type { Generated, GenerateRequest, GenerationUpdate } from '../../../../src/protocol/generation.ts';
import { err, ok, type Result } from '../../../../src/protocol/result.ts';
import { generated } from '../../webview/generatedTokens.ts';

type Answer = (request: GenerateRequest, call: StreamingCall<GenerationUpdate>) => Result<Generated>;

/** Runs jobs against an engine that answers so, and tells what happened in order. */
async function run(
  jobs: readonly Job[],
  answer: Answer,
  isWanted: JobsRequest['isWanted'] = () => true,
): Promise<{ events: string[]; streams: unknown[] }> {
  const events: string[] = [];
  const streams: unknown[] = [];
  const engine = {
    generate: async (request: GenerateRequest, call: StreamingCall<GenerationUpdate>) => {
      events.push(`ask ${request.settings.length}`);
      return answer(request, call);
    },
  } as unknown as EngineApi;
  const request: JobsRequest = {
    choice: { model: 'starter' },
    prompt: 'Once',
    jobs,
    signal: new AbortController().signal,
    isWanted,
    onStream: (column, stream) => streams.push([column, stream]),
    onDone: job => events.push(`done ${job.column}`),
    onRestart: job => events.push(`restart ${job.column}`),
    onFailed: (job, { code }) => events.push(`failed ${job.column} ${code}`),
  };
  await runJobs(engine, request);
  return { events, streams };
}

const job = (column: string, given: object = {}): Job => ({
  column,
  branches: [0, 1],
  settings: { decoding: 'sample', maxNewTokens: 3, ...given },
});

const answer = (settings: number): Result<Generated> =>
  ok({
    device: { device: 'cpu', precision: 'f32', passedOver: [], threads: 1 },
    prompt: [],
    columns: Array.from({ length: settings }, () => ({ generations: [], tokensPerSecond: 1 })),
  });

test('columns are asked together', async () => {
  const { events } = await run([job('a'), job('b')], ({ settings }) => answer(settings.length));
  expect(events).toEqual(['ask 2', 'done a', 'done b']);
});

test('a column whose settings are wrong fails by itself, unasked; options that its mode does not use are left out', async () => {
  const asked: unknown[] = [];
  const { events } = await run([job('a', { topP: 2 }), job('b', { beams: -1 })], ({ settings }) => {
    asked.push(...settings);
    return answer(settings.length);
  });
  expect(events).toEqual(['failed a setting-invalid', 'ask 1', 'done b']);
  expect(asked).toEqual([{ decoding: 'sample', maxNewTokens: 3 }]);
});

test('where the engine finds a token that it does not have, each column is tried by itself', async () => {
  const unknown = (request: GenerateRequest): boolean => request.settings.some(({ ban }) => ban);
  const { events } = await run([job('a', { ban: [99999] }), job('b')], request =>
    unknown(request) ? err('token-unknown', '', '') : answer(request.settings.length),
  );
  expect(events).toEqual(['ask 2', 'restart a', 'restart b', 'ask 1', 'failed a token-unknown', 'ask 1', 'done b']);
});

test('a column that was stopped meanwhile is not begun again', async () => {
  const { events } = await run(
    [job('a'), job('b'), job('c', { ban: [99999] })],
    request => (request.settings.length > 1 ? err('nothing-left', '', '') : answer(1)),
    ({ column }) => column !== 'a',
  );
  expect(events).toEqual(['ask 3', 'restart b', 'restart c', 'ask 1', 'done b', 'ask 1', 'done c']);
});

test('an engine that stopped fails all columns, once', async () => {
  const { events } = await run([job('a'), job('b')], () => err('engine-stopped', '', ''));
  expect(events).toEqual(['ask 2', 'failed a engine-stopped', 'failed b engine-stopped']);
});

test('what streams in is gathered by column and branch, none of it lost', async () => {
  const token = generated(' upon');
  const { streams } = await run([job('a'), job('b')], (request, { onUpdate }) => {
    onUpdate?.({ kind: 'token', column: 1, sample: 1, token, text: '' });
    onUpdate?.({ kind: 'token', column: 1, sample: 1, token, text: ' upon a' });
    onUpdate?.({ kind: 'finished', column: 1, sample: 1, reason: 'length', text: '!' });
    onUpdate?.({ kind: 'beams', column: 0, step: 0, beams: [] });
    return answer(request.settings.length);
  });
  expect(streams).toEqual([
    [
      'b',
      {
        tokens: [
          {
            branch: 1,
            tokens: [
              { ...token, adds: '' },
              { ...token, adds: ' upon a!' },
            ],
          },
        ],
        beams: [],
        states: [{ branch: 1, state: 'length' }],
        progress: null,
      },
    ],
    [
      'a',
      {
        tokens: [],
        beams: [[]],
        states: [
          { branch: 0, state: 'running' },
          { branch: 1, state: 'running' },
        ],
        progress: null,
      },
    ],
  ]);
});
