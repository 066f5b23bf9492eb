import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { judged } from '../../../src/evaluation/judge/ask.ts';
import { addressOf, openJudge } from '../../../src/evaluation/judge/judge.ts';
import type { HostApi } from '../../../src/protocol/evaluation/host.ts';
import type { JudgeName } from '../../../src/protocol/evaluation/request.ts';
import { err, ok } from '../../../src/protocol/result.ts';
import { type Answer, startJudge } from './fakeJudge.ts';

/** Long enough for a busy machine; the tests of slow judges do not wait for it. */
const PATIENT_SECONDS = 20;
const IMPATIENT_SECONDS = 0.3;

interface AskingOptions {
  readonly retries?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly host?: HostApi;
  readonly timeoutSeconds?: number;
}

async function ask(
  name: JudgeName,
  { retries = 2, environment = {}, host, timeoutSeconds = PATIENT_SECONDS }: AskingOptions = {},
  signal = new AbortController().signal,
) {
  const judge = await openJudge(name, { temperature: 0, seed: 123, timeoutSeconds }, { environment, host });
  try {
    return await judged(judge, 'Score it.', { retries, signal, firstDelayMs: 1 });
  } finally {
    await judge.close();
  }
}

async function served(answer: Answer, kind: 'ollama' | 'openai' = 'ollama') {
  const server = await startJudge(answer);
  return { server, name: { kind, model: 'llama3', address: server.address } };
}

/** Where nobody listens. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('a judge behind a server', () => {
  it.each([
    ['ollama', '/api/chat', { options: { temperature: 0, seed: 123 } }],
    ['openai', '/v1/chat/completions', { temperature: 0, seed: 123 }],
  ] as const)('is asked in the protocol of %s', async (kind, url, settings) => {
    const { server, name } = await served(() => 'Score: **85**/100', kind);
    expect(await ask(name)).toEqual({ score: 85, answer: 'Score: **85**/100', attempts: 1 });
    expect(server.asked).toEqual([
      expect.objectContaining({
        url,
        body: { model: 'llama3', messages: [{ role: 'user', content: 'Score it.' }], stream: false, ...settings },
      }),
    ]);
  });

  it('is asked again for the number alone when its answer has no score', async () => {
    const { server, name } = await served((_, __, number) => (number === 1 ? 'Good: 80 or 90.' : '88'));
    expect(await ask(name)).toEqual({ score: 88, answer: '88', attempts: 2 });
    expect(server.asked[1]?.body.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('that answers nonsense gives no score, and its last words', async () => {
    const { name } = await served(() => 'Banana.');
    expect(await ask(name)).toEqual({
      score: null,
      answer: 'Banana.',
      attempts: 3,
      problem: 'No score: the answer has no score in it.',
    });
  });

  const PASSING: ReadonlyArray<readonly [fault: string, answer: Answer]> = [
    ['fails with 500', (_, response) => void response.writeHead(500).end('{"error":"out of memory"}')],
    ['asks for a pause', (_, response) => void response.writeHead(429, { 'retry-after': '0' }).end()],
    ['is slow', () => undefined],
    ['cuts its answer', (_, response) => void (response.write('{"message":'), setTimeout(() => response.destroy(), 5))],
    ['hangs up', (_, response) => void response.destroy()],
    ['answers something else', (_, response) => void response.end('<html>Welcome</html>')],
    ['answers half a JSON', (_, response) => void response.end('{"message": {"content": "8')],
  ];

  it.each(PASSING)('that once %s is asked again', async (what, fault) => {
    const { server, name } = await served((asked, response, number) =>
      number === 1 ? fault(asked, response, number) : '85',
    );
    const timeoutSeconds = what === 'is slow' ? IMPATIENT_SECONDS : PATIENT_SECONDS;
    expect(await ask(name, { timeoutSeconds })).toMatchObject({ score: 85, attempts: 2 });
    expect(server.asked).toHaveLength(2);
  });

  const LASTING: ReadonlyArray<readonly [fault: string, answer: Answer, problem: RegExp]> = [
    ['fails with 500', (_, r) => void r.writeHead(500).end('{"error":"out of memory"}'), /HTTP 500: out of memory\.$/],
    ['is slow', () => undefined, /did not answer within 0\.3 s/],
    [
      'cuts its answer',
      (_, r) => void (r.write('{"mess'), setTimeout(() => r.destroy(), 5)),
      /ended its answer halfway/,
    ],
    ['answers something else', (_, r) => void r.end('<html>Welcome</html>'), /not an answer as Ollama.*Welcome/],
    [
      'refuses the question',
      (_, r) => void r.writeHead(400).end('{"error":{"message":"too long"}}'),
      /400: too long\.$/,
    ],
  ];

  it.each(LASTING)('that always %s leaves the row without a score, and says why', async (what, fault, problem) => {
    const { name } = await served(fault);
    const timeoutSeconds = what === 'is slow' ? IMPATIENT_SECONDS : PATIENT_SECONDS;
    const verdict = await ask(name, { retries: 1, timeoutSeconds });
    expect(verdict).toMatchObject({ score: null, problem: expect.stringMatching(problem) });
  });

  const ENDING: ReadonlyArray<readonly [fault: string, answer: Answer, code: string, message: RegExp]> = [
    [
      'asks for a key',
      (_, r) => void r.writeHead(401).end('{"error":{"message":"No key."}}'),
      'judge-unauthorized',
      /asks for a key \(HTTP 401: No key\)/,
    ],
    [
      'knows no such model',
      (_, r) => void r.writeHead(404).end('{"error":"model \\"llama3\\" not found"}'),
      'judge-model-unknown',
      /does not know the model "llama3"/,
    ],
    [
      'is busy for long',
      (_, r) => void r.writeHead(429, { 'retry-after': '3600' }).end(),
      'judge-busy',
      /asks for a pause/,
    ],
    [
      'sends elsewhere',
      (_, r) => void r.writeHead(307, { location: 'http://127.0.0.2:9/' }).end(),
      'judge-unreachable',
      /can't be reached/,
    ],
  ];

  it.each(ENDING)('that %s ends the evaluation', async (_, fault, code, message) => {
    const { name } = await served(fault);
    await expect(ask(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('that is down ends the evaluation, and says how to start it', async () => {
    const name = { kind: 'ollama', model: 'llama3', address: await closedAddress() } as const;
    await expect(ask(name, { retries: 1 })).rejects.toMatchObject({
      code: 'judge-unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('ollama serve'),
    });
  });

  it('is no longer waited for when the evaluation is cancelled', async () => {
    const { name } = await served(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    await expect(ask(name, {}, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a judge’s key', () => {
  it('comes from the environment variable that is named', async () => {
    const { server, name } = await served(() => '85', 'openai');
    await ask({ ...name, keyVariable: 'JUDGE_KEY' }, { environment: { JUDGE_KEY: 'secret' } });
    expect(server.asked[0]?.headers.authorization).toBe('Bearer secret');
  });

  it('that is not set is asked for before anything is sent', async () => {
    const { server, name } = await served(() => '85', 'openai');
    await expect(ask({ ...name, keyVariable: 'JUDGE_KEY' })).rejects.toMatchObject({
      code: 'judge-key-missing',
      message: expect.stringContaining('JUDGE_KEY'),
    });
    expect(server.asked).toEqual([]);
  });

  it('that is wrong is never told', async () => {
    const { name } = await served((_, r) => void r.writeHead(401).end('{}'), 'openai');
    const asked = ask({ ...name, keyVariable: 'JUDGE_KEY' }, { environment: { JUDGE_KEY: 'secret' } });
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('does not accept the key') });
    await expect(asked).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });

  it('is else the one that the editor keeps for the address', async () => {
    const { server, name } = await served(() => '85', 'openai');
    const host: HostApi = {
      askLanguageModel: async () => ok(''),
      judgeKey: async ({ address }) => ok(address === server.address ? 'kept' : null),
    };
    await ask(name, { host });
    expect(server.asked[0]?.headers.authorization).toBe('Bearer kept');
  });
});

describe('a language model of the editor’s as a judge', () => {
  const name = { kind: 'vscode', model: 'copilot-gpt' } as const;
  const hostThat = (askLanguageModel: HostApi['askLanguageModel']): HostApi => ({
    askLanguageModel,
    judgeKey: async () => ok(null),
  });

  it('is asked through the host', async () => {
    const host = hostThat(async ({ model, temperature, seed, messages }) =>
      ok(model === 'copilot-gpt' && temperature === 0 && seed === 123 && messages.length === 1 ? '70' : ''),
    );
    expect(await ask(name, { host })).toEqual({ score: 70, answer: '70', attempts: 1 });
  });

  it('that nobody agreed to ends the evaluation', async () => {
    const host = hostThat(async () => err('judge-consent-missing', 'No.', 'Agree.'));
    await expect(ask(name, { host })).rejects.toMatchObject({ code: 'judge-consent-missing' });
  });

  it('that fails is asked again', async () => {
    let asked = 0;
    const host = hostThat(async () => (++asked === 1 ? err('judge-failed', 'Overloaded.', 'Wait.') : ok('70')));
    expect(await ask(name, { host })).toMatchObject({ score: 70, attempts: 2 });
  });

  it('is refused where there is no editor', async () => {
    await expect(ask(name)).rejects.toMatchObject({ code: 'judge-without-editor' });
  });
});

describe('a judge’s address', () => {
  it.each([
    [{ kind: 'ollama' }, {}, 'http://127.0.0.1:11434'],
    [{ kind: 'ollama', address: '' }, {}, 'http://127.0.0.1:11434'],
    [{ kind: 'ollama' }, { OLLAMA_HOST: '0.0.0.0' }, 'http://127.0.0.1:11434'],
    [{ kind: 'ollama' }, { OLLAMA_HOST: 'box:80' }, 'http://box'],
    [{ kind: 'ollama' }, { OLLAMA_HOST: 'https://box.example' }, 'https://box.example'],
    [{ kind: 'ollama', address: 'http://box:1/api/' }, {}, 'http://box:1'],
    [{ kind: 'openai', address: 'http://box:1' }, {}, 'http://box:1'],
    [{ kind: 'openai', address: 'http://box:1/v1' }, {}, 'http://box:1'],
    [{ kind: 'openai', address: 'http://box:1/proxy/v1/chat/completions' }, {}, 'http://box:1/proxy'],
  ] as const)('%o with %o is %s', (name, environment, address) =>
    expect(addressOf({ model: 'm', ...name }, environment)).toBe(address),
  );

  it.each([undefined, 'box', 'ftp://box'])('%s of an OpenAI server is refused', address =>
    expect(() => addressOf({ kind: 'openai', model: 'm', ...(address && { address }) }, {})).toThrow(/address/),
  );
});
