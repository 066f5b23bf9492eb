import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createEvaluation } from '../../../../src/protocol/evaluation/create.ts';
import type {
  ClassificationResult,
  EvaluatedRow,
  EvaluationStatus,
  LabelledRow,
} from '../../../../src/protocol/evaluation/folder.ts';
import { readEvaluation } from '../../../../src/protocol/evaluation/reading.ts';
import type { EvaluationRequest } from '../../../../src/protocol/evaluation/request.ts';
import type { Precision } from '../../../../src/protocol/precision.ts';
import { valueOf } from '../../../../src/protocol/result.ts';
import { testEngine } from '../../engine/testEngine.ts';

const CLASSIFIER = path.resolve('test/parity/classify/fixtures/last');
const ROWS = 40;

/** A project with rows to classify, and an evaluation of them that has not been started. */
async function project(change: Partial<EvaluationRequest> = {}, rows = ROWS) {
  const { engine, folder: home } = await testEngine();
  const labels = (await valueOf(engine.classify({ model: CLASSIFIER, texts: ['a'] }))).labels;
  const lines = Array.from({ length: rows }, (_, row) => `film number ${row} was seen\t${labels[row % labels.length]}`);
  await writeFile(path.join(home, 'rows.tsv'), `text\tlabel\n${lines.join('\n')}\n`);
  const request: EvaluationRequest = {
    task: 'classifier',
    models: [CLASSIFIER],
    dataset: { file: path.join(home, 'rows.tsv') },
    device: 'cpu',
    ...change,
  };
  const evaluationsFolder = path.join(home, '.lm-lab', 'evaluations');
  const folder = await createEvaluation({ request, base: home, evaluationsFolder });
  const read = async <T>(name: string): Promise<T> => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as T;
  const rowsFile = path.join(folder, 'rows.jsonl');
  const rowLines = async (): Promise<EvaluatedRow[]> =>
    (await readFile(rowsFile, 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as EvaluatedRow);
  return {
    engine,
    folder,
    request,
    read,
    rowsFile,
    lines: rowLines,
    status: () => read<EvaluationStatus>('status.json'),
  };
}

/** The same row, as it is found with others beside it: these give other roundings. */
function near(row: EvaluatedRow): unknown {
  const { scores } = row as LabelledRow;
  return { ...row, scores: Object.fromEntries(Object.entries(scores).map(([k, p]) => [k, expect.closeTo(p, 5)])) };
}

test('a folder has the request with its defaults, every row, the result, and what its status says', async () => {
  const { engine, folder, read, lines, status } = await project();
  expect(path.basename(folder)).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-rows-classifier$/);
  expect((await readEvaluation(folder))?.state).toBe('ready');
  const result = (await valueOf(engine.evaluate({ folder }))) as ClassificationResult & { rows: number };
  expect(await read('result.json')).toEqual(result);
  expect(await read('evaluation.json')).toMatchObject({
    part: null,
    rows: null,
    dataset: { file: '../../../rows.tsv' },
  });
  expect(await status()).toMatchObject({
    state: 'finished',
    rowsDone: ROWS,
    rowsTotal: ROWS,
    device: 'cpu',
    precisions: ['f32'],
  });
  const found = await lines();
  expect(found.map(({ row, line }) => [row, line])).toEqual(Array.from({ length: ROWS }, (_, row) => [row, row + 2]));
  expect(result.accuracy.count).toBe(ROWS);
  const right = found.filter(row => 'predicted' in row && row.predicted === row.label).length;
  expect(result.accuracy.value).toBeCloseTo(right / ROWS);
  expect(await readEvaluation(folder)).toMatchObject({ state: 'finished', result: { rows: ROWS, leftOut: 0 } });
});

test('the active model is written down by its id, with which the evaluation goes on when another is active', async () => {
  const { engine, folder, read, lines } = await project({ task: 'probe', models: ['active'], rows: 12 });
  const stopped = await engine.evaluate({ folder }, { signal: AbortSignal.abort() });
  expect(stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await read('evaluation.json')).toMatchObject({ models: ['starter'] });
  await valueOf(engine.addModel({ source: CLASSIFIER, activate: true }));
  await valueOf(engine.evaluate({ folder }));
  const { engine: untouched, request } = await project({ task: 'probe', models: ['starter'], rows: 12 });
  const { rows } = await valueOf(untouched.evaluateRows(request));
  expect(JSON.stringify(await lines())).toBe(JSON.stringify(rows));
});

test('a comparison with the active model and itself is refused; a reward model may be the active one', async () => {
  const compare = {
    of: 'responses',
    generate: { template: null, decoding: { decoding: 'greedy', maxNewTokens: 2 } },
  } as const;
  const twice = await project({ task: 'compare', models: ['active', 'starter'], compare });
  expect(await twice.engine.evaluate({ folder: twice.folder })).toMatchObject({
    ok: false,
    error: { code: 'compare-models' },
  });
  const rewarded = await project({ task: 'compare', compare: { ...compare, rewardModel: 'active' } });
  await rewarded.engine.evaluate({ folder: rewarded.folder }); // refused: the starter gives no reward
  expect(await rewarded.read('evaluation.json')).toMatchObject({ compare: { rewardModel: 'starter' } });
});

test('in memory the same is found', async () => {
  const { engine, folder, request, lines } = await project();
  const { result, rows } = await valueOf(engine.evaluateRows(request));
  const kept = await valueOf(engine.evaluate({ folder }));
  expect({ ...result, wallSeconds: 0 }).toEqual({ ...kept, wallSeconds: 0 });
  expect(rows).toEqual(await lines());
});

test('one that was killed goes on after its last whole row, and finds the same', async () => {
  const whole = await project();
  await valueOf(whole.engine.evaluate({ folder: whole.folder }));
  const all = await readFile(whole.rowsFile, 'utf8');
  const killed = await project();
  const before = all.split('\n').slice(0, 7);
  await writeFile(killed.rowsFile, `${before.join('\n')}\n{"row":7,"la`);
  await writeFile(
    path.join(killed.folder, 'status.json'),
    JSON.stringify({ state: 'running', host: 'another', processId: 1, heartbeatAt: '2020-01-01T00:00:00.000Z' }),
  );
  expect((await readEvaluation(killed.folder))?.state).toBe('lost');
  const done: number[] = [];
  await valueOf(killed.engine.evaluate({ folder: killed.folder }, { onProgress: ({ done: d }) => done.push(d) }));
  const resumed = await readFile(killed.rowsFile, 'utf8');
  expect(resumed.split('\n').slice(0, 7)).toEqual(before);
  expect(await killed.lines()).toEqual((await whole.lines()).map(near));
  expect(done.filter(rows => rows > 0)[0]).toBeGreaterThanOrEqual(7);
});

test.each<[string, Partial<EvaluationRequest>, Precision | null, Precision]>([
  ['one that is new has that of its model', {}, null, 'f32'],
  ['one that is new has that of its request', { precision: 'int8' }, null, 'int8'],
  ['one that began goes on in the same', {}, 'int8', 'int8'],
  ['one that began goes on in that of its request', { precision: 'f32' }, 'int8', 'f32'],
])('precision: %s', async (_, request, began, expected) => {
  const { engine, folder, rowsFile, status } = await project(request, 8);
  if (began) {
    await writeFile(rowsFile, `${JSON.stringify({ row: 0, leftOut: 'done before' })}\n`);
    const before = { state: 'stopped', rowsDone: 1, device: `cpu ${began}`, precisions: [began] };
    await writeFile(path.join(folder, 'status.json'), JSON.stringify(before));
  }
  await valueOf(engine.evaluate({ folder }));
  const device = expected === 'f32' ? 'cpu' : `cpu ${expected}`;
  expect(await status()).toMatchObject({ state: 'finished', device, precisions: [expected] });
});

test('a cancelled one is stopped, and goes on', async () => {
  const { engine, folder, lines, status } = await project({}, 600);
  const abort = new AbortController();
  const onProgress = ({ message, done }: { message: string; done: number }): void => {
    if (message === 'Classifying' && done > 0) abort.abort();
  };
  const cancelled = await engine.evaluate({ folder }, { signal: abort.signal, onProgress });
  expect(cancelled).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  const { state, rowsDone } = await status();
  expect(state).toBe('stopped');
  expect(rowsDone).toBeLessThan(600);
  expect(await lines()).toHaveLength(rowsDone);
  await valueOf(engine.evaluate({ folder }));
  expect((await lines()).map(({ row }) => row)).toEqual(Array.from({ length: 600 }, (_, row) => row));
});

test('two cannot evaluate one folder; a finished one is answered with its result', async () => {
  const { engine, folder } = await project();
  const [first, second] = await Promise.all([engine.evaluate({ folder }), engine.evaluate({ folder })]);
  expect([first, second].filter(({ ok }) => ok)).toHaveLength(1);
  expect([first, second].find(({ ok }) => !ok)).toMatchObject({ error: { code: 'evaluation-busy' } });
  const again = await engine.evaluate({ folder });
  expect(again).toEqual([first, second].find(({ ok }) => ok));
});

test('rows that lack something are left out and told; a failure is told in the status', async () => {
  const { engine, folder, request, status, lines } = await project();
  await appendFile(request.dataset.file, '\tgood\nno label here\t\n');
  const result = await valueOf(engine.evaluate({ folder }));
  expect(result).toMatchObject({ rows: ROWS, leftOut: 2 });
  expect((await lines()).filter(row => 'leftOut' in row)).toEqual([
    { row: ROWS, line: ROWS + 2, leftOut: 'its text is empty' },
    { row: ROWS + 1, line: ROWS + 3, leftOut: 'its label is empty' },
  ]);
  const other = await project();
  await appendFile(other.request.dataset.file, 'what is this\tunheard of\n');
  expect(await other.engine.evaluate({ folder: other.folder })).toMatchObject({ error: { code: 'label-unknown' } });
  expect(await other.status()).toMatchObject({ state: 'failed', error: { code: 'label-unknown' } });
  expect((await status()).state).toBe('finished');
});

test.each<readonly [string, Partial<EvaluationRequest>, readonly number[]]>([
  ['the first rows', { rows: 3 }, [0, 1, 2]],
  ['a part of the split', { part: 'test' }, [36, 37, 38, 39]],
  ['the first rows of a part', { part: 'test', rows: 2 }, [36, 37]],
])('%s are evaluated, under their numbers in the file', async (_, change, numbers) => {
  const { engine, request } = await project(change);
  const split = { train: 0.8, validation: 0.1, test: 0.1, shuffle: false };
  const { rows } = await valueOf(engine.evaluateRows({ ...request, dataset: { ...request.dataset, split } }));
  expect(rows.map(({ row }) => row)).toEqual(numbers);
});

test('what is no evaluation, or asks for nothing that there is, is refused', async () => {
  const { engine, request } = await project();
  const empty = path.join(path.dirname(request.dataset.file), 'empty');
  await mkdir(empty);
  expect(await engine.evaluate({ folder: empty })).toMatchObject({ error: { code: 'evaluation-missing' } });
  const asked = (change: object) => engine.evaluateRows({ ...request, ...change } as EvaluationRequest);
  expect(await asked({ task: 'guess' })).toMatchObject({ error: { code: 'evaluation-invalid' } });
  expect(await asked({ models: [] })).toMatchObject({ error: { code: 'model-missing' } });
  const split = { train: 1, validation: 0, test: 0 };
  const none = await asked({ part: 'test', dataset: { ...request.dataset, split } });
  expect(none).toMatchObject({ error: { code: 'dataset-empty' } });
  const thin = { train: 0.98, validation: 0.01, test: 0.01 };
  expect(await asked({ part: 'test', dataset: { ...request.dataset, split: thin } })).toMatchObject({
    error: { code: 'split-part-empty', remedy: expect.stringContaining('all rows are evaluated') },
  });
});
