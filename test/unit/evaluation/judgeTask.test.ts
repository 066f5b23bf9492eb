import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { expect, test } from 'vitest';
import { createEngineService } from '../../../src/engine/service.ts';
import { createEvaluation } from '../../../src/protocol/evaluation/create.ts';
import type { JudgedRow, JudgeResult } from '../../../src/protocol/evaluation/folder.ts';
import type { HostApi } from '../../../src/protocol/evaluation/host.ts';
import { defaultJudgePrompt } from '../../../src/protocol/evaluation/judge.ts';
import type { EvaluationRequest } from '../../../src/protocol/evaluation/request.ts';
import { err, ok, valueOf } from '../../../src/protocol/result.ts';
import { client, serve } from '../../../src/protocol/rpc.ts';
import { testEngine } from '../engine/testEngine.ts';
import { type Answer, startJudge } from './fakeJudge.ts';

const ROWS = Array.from({ length: 12 }, (_, row) => ({
  instruction: `Name film ${row}.`,
  input: row === 0 ? 'of 1990' : '',
  output: `Film ${row}`,
  model_response: row === 11 ? '' : `Perhaps film ${row}.`,
}));

/** The number of the film that the question is about. */
const filmIn = (question: string): number => Number(/Name film (\d+)/.exec(question)?.[1]);

async function project(answer: Answer, judge: NonNullable<EvaluationRequest['judge']> = {}) {
  const server = await startJudge(answer);
  const { engine, folder: home } = await testEngine();
  const file = path.join(home, 'responses.json');
  await writeFile(file, JSON.stringify(ROWS));
  const name = { kind: 'ollama', model: 'llama3', address: server.address } as const;
  const request: EvaluationRequest = {
    task: 'judge',
    dataset: { file },
    judge: { judge: name, retries: 0, concurrency: 3, ...judge },
  };
  const evaluationsFolder = path.join(home, '.lm-lab', 'evaluations');
  return { server, engine, request, folder: () => createEvaluation({ request, base: home, evaluationsFolder }) };
}

const scores = (rows: readonly unknown[]): Array<number | null> => (rows as JudgedRow[]).map(({ score }) => score);

test('every response is judged, an empty one with 0, and what has no score is counted apart', async () => {
  const { server, engine, request } = await project(({ body }) => {
    const film = filmIn(body.messages[0]?.content ?? '');
    return film === 5 ? 'I like it.' : `Score: ${film * 9}/100`;
  });
  const { result, rows } = await valueOf(engine.evaluateRows(request));
  expect(scores(rows)).toEqual([0, 9, 18, 27, 36, null, 54, 63, 72, 81, 90, 0]);
  expect(rows[5]).toMatchObject({ answer: 'I like it.', problem: expect.stringContaining('no score') });
  const [column] = (result as JudgeResult).columns;
  expect(column).toMatchObject({ column: 'model_response', asked: 12, scored: 11 });
  expect(column?.mean?.value).toBeCloseTo(450 / 11, 9);
  expect(column?.histogram).toEqual([3, 1, 1, 1, 0, 1, 1, 1, 1, 1]);
  expect(server.asked).toHaveLength(11);
  expect(server.asked.map(({ body }) => body.messages[0]?.content)).toContain(
    'Given the input `Name film 0. of 1990` and the correct output `Film 0`, score the model response `Perhaps film 0.` on a scale from 0 to 100, where 100 is the best score. Respond with the integer number only.',
  );
});

test('several columns are judged with a prompt of one’s own', async () => {
  const { engine, request } = await project(({ body }) => (body.messages[0]?.content === 'Film 3?' ? '30' : '60'), {
    prompt: '{{ response }}?',
    columns: ['model_response', 'output'],
  });
  const { result, rows } = await valueOf(engine.evaluateRows(request));
  expect(rows).toHaveLength(24);
  expect((result as JudgeResult).columns.map(({ column, mean }) => [column, mean?.value])).toEqual([
    ['model_response', (11 * 60) / 12],
    ['output', (11 * 60 + 30) / 12],
  ]);
});

test('one that ended as the judge went away is gone on with, and asks nothing twice', async () => {
  let known = true;
  const { server, engine, folder } = await project((_, response, number) => {
    if (number > 5 && known) return void response.writeHead(404).end('{"error":"model not found"}');
    return '50';
  });
  const place = await folder();
  expect(await engine.evaluate({ folder: place })).toMatchObject({ ok: false, error: { code: 'judge-model-unknown' } });
  known = false;
  const asked = server.asked.filter(({ body }) => filmIn(body.messages[0]?.content ?? '') < 2).length;
  expect(await valueOf(engine.evaluate({ folder: place }))).toMatchObject({ columns: [{ asked: 12, scored: 12 }] });
  expect(asked).toBe(2);
  expect(server.asked.filter(({ body }) => filmIn(body.messages[0]?.content ?? '') < 2)).toHaveLength(2);
});

test.each<[string, NonNullable<EvaluationRequest['judge']>, object]>([
  ['a column that is not there', { columns: ['answer'] }, { code: 'column-missing' }],
  ['a prompt that names a missing column', { prompt: 'Score {{ responze }}.' }, { code: 'column-missing' }],
  ['a prompt that is no Jinja', { prompt: 'Score {{ response' }, { code: 'template-syntax' }],
  ['no questions at once', { concurrency: 0 }, { code: 'evaluation-invalid' }],
  ['a judge without a model', { judge: { kind: 'ollama', model: '' } }, { code: 'evaluation-invalid' }],
])('%s is refused before anybody is asked', async (_, judge, error) => {
  const { server, engine, request } = await project(() => '50', judge);
  expect(await engine.evaluateRows(request)).toMatchObject({ ok: false, error });
  expect(server.asked).toEqual([]);
});

test('the prompt where none is written names what the columns have', () => {
  expect(defaultJudgePrompt({})).toMatch(/^Score the model response/);
  expect(defaultJudgePrompt({ prompt: 'question' })).toMatch(/^Given the input `\{\{ prompt \}\}`, score/);
});

/** An engine and a host at the two ends of a connection, as in the editor. */
function connected(host: HostApi) {
  const [toEngine, toHost] = [new PassThrough(), new PassThrough()];
  const ends = {
    host: createMessageConnection(new StreamMessageReader(toHost), new StreamMessageWriter(toEngine)),
    engine: createMessageConnection(new StreamMessageReader(toEngine), new StreamMessageWriter(toHost)),
  };
  serve<HostApi>(ends.host, host);
  ends.host.listen();
  const asked = client<HostApi>(ends.engine, () => err('host-gone', 'Gone.', 'Come back.'));
  ends.engine.listen();
  return asked;
}

test('a language model of the editor’s is asked over the connection, and no longer when it is cancelled', async () => {
  const questions: string[] = [];
  let cancelled = 0;
  const host = connected({
    askLanguageModel: async ({ messages }, call) => {
      questions.push(messages[0]?.content ?? '');
      if (questions.length <= 12) return ok('70');
      await new Promise(resolve => call?.signal?.addEventListener('abort', resolve));
      cancelled += 1;
      return ok('');
    },
    judgeKey: async () => ok(null),
  });
  const { request } = await project(() => '', { judge: { kind: 'vscode', model: 'copilot-gpt' } });
  const engine = createEngineService({ starterFolder: path.resolve('models/starter'), host, log: () => undefined });
  const { rows } = await valueOf(engine.evaluateRows(request));
  expect(scores(rows)).toEqual([...Array<number>(11).fill(70), 0]);
  const abort = new AbortController();
  questions.push('so that the next ones wait');
  setTimeout(() => abort.abort(), 200);
  const stopped = await engine.evaluateRows(request, { signal: abort.signal });
  expect(stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(cancelled).toBeGreaterThan(0);
  await engine.dispose();
});
