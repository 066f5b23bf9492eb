import { expect, test } from 'vitest';
import { Dataset, type DatasetEngine } from '../../../../src/host/datasets/dataset.ts';
import { firstSession, keepSession, keptSession } from '../../../../src/host/datasets/session.ts';
import type { DatasetRequest } from '../../../../src/protocol/dataset.ts';
import type { Call } from '../../../../src/protocol/engine.ts';
import type { DatasetSession } from '../../../../src/protocol/panels/dataset.ts';
import { cancelled, err, ok, type Result } from '../../../../src/protocol/result.ts';

const FILE = '/data/sms.tsv';
const COLUMNS = [
  { name: 'column1', kind: 'label', distinct: 2, missing: 0 },
  { name: 'column2', kind: 'text', distinct: null, missing: 0 },
] as const;

interface Asked {
  readonly request: DatasetRequest;
  readonly call: Call;
  answer(result: Result<unknown>): void;
}

/** An engine whose descriptions come when the test says so; a line of its file is a row. */
function engineOf(rows: number) {
  const describing: Asked[] = [];
  const asked: string[] = [];
  const row = (number: number) => ({ row: number, source: number, line: number + 1, cells: [] });
  const engine = {
    openDataset: async () =>
      ok({
        file: FILE,
        format: 'tsv',
        encoding: 'utf-8',
        header: false,
        rows,
        columns: COLUMNS,
        roles: {},
        method: 'classification',
        version: '1',
      }),
    describeDataset: (request: DatasetRequest, call: Call) =>
      new Promise(answer => {
        describing.push({ request, call, answer });
        call.signal?.addEventListener('abort', () => answer({ ok: false, error: cancelled() }));
      }),
    datasetRows: async ({ from, count, part }: { from: number; count: number; part?: string }) => {
      asked.push(`${part ?? 'all'} ${from}`);
      const found = Array.from({ length: Math.min(count, rows - from) }, (_, i) => row(from + i));
      return ok({ columns: [], rows: found, total: rows });
    },
    renderDatasetRow: async ({ row }: { row: number }) => ok({ row, part: null, sequences: [] }),
    datasetBatch: async () => err('batch-missing', 'There is no batch.', 'Choose another one.'),
  };
  return { engine: engine as unknown as DatasetEngine, describing, asked };
}

const described = (rows: number) =>
  ok({ columns: COLUMNS, steps: [], rows, lengths: null, split: null, problems: [], problemCount: 0 });
const settled = () => new Promise(resolve => setTimeout(resolve, 0));

test('the newest request wins: the one before is cancelled, and what it still answers is dropped', async () => {
  const { engine, describing } = engineOf(10);
  const dataset = new Dataset(engine, firstSession(FILE, 'starter'));
  void dataset.read();
  await settled();
  void dataset.edit({ ...dataset.session.request, training: { maxLength: 8 } });
  await settled();
  expect(describing.map(({ call }) => call.signal?.aborted)).toEqual([true, false]);
  describing[1]?.answer(described(7));
  describing[0]?.answer(described(3));
  await settled();
  expect(dataset.state.description).toMatchObject({ value: { rows: 7 }, progress: null, error: null });
});

test('a run would get the method that was guessed; the session keeps that none was chosen', async () => {
  const { engine, describing } = engineOf(10);
  const dataset = new Dataset(engine, firstSession(FILE, 'starter'));
  void dataset.read();
  await settled();
  expect(describing[0]?.request.method).toBe('classification');
  expect(dataset.request.method).toBe('classification');
  expect(dataset.session.request.method).toBeUndefined();
});

test('the file of a request can’t be edited, and rows with other numbers choose none', async () => {
  const { engine } = engineOf(10);
  const dataset = new Dataset(engine, firstSession(FILE, 'starter'));
  await dataset.chooseRow(4);
  void dataset.edit({ model: 'starter', training: { maxLength: 8 }, dataset: { file: '/etc/passwd' } });
  expect(dataset.session).toMatchObject({ request: { dataset: { file: FILE } }, chosenRow: 4 });
  void dataset.edit({ model: 'starter', dataset: { file: FILE, steps: [{ take: 3 }] } });
  expect(dataset.session.chosenRow).toBeNull();
});

test('rows after a step are those of the request up to it, and lose the step when it goes', async () => {
  const { engine } = engineOf(10);
  const dataset = new Dataset(engine, firstSession(FILE, 'starter'));
  void dataset.edit({ model: 'starter', dataset: { file: FILE, steps: [{ take: 9 }, { take: 3 }] } });
  dataset.show({ part: null, afterSteps: 1 });
  void dataset.edit({ model: 'starter', dataset: { file: FILE, steps: [{ take: 9 }] } });
  expect(dataset.session.shown.afterSteps).toBeNull();
});

test('the cursor’s line finds its row, also where one part alone was shown', async () => {
  const { engine, asked } = engineOf(1000);
  const dataset = new Dataset(engine, firstSession(FILE, 'starter'));
  dataset.show({ part: 'test', afterSteps: null });
  expect(await dataset.goToLine(700, new AbortController().signal)).toBe(699);
  expect(dataset.session).toMatchObject({ chosenRow: 699, shown: { part: null } });
  expect(asked.every(one => one.startsWith('all'))).toBe(true);
});

test('what is set is kept by file, the last fifty of them', () => {
  const kept = new Map<string, unknown>();
  const memory = {
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const sessions = Array.from({ length: 60 }, (_, i): DatasetSession => firstSession(`/data/${i}.tsv`, 'starter'));
  for (const session of sessions) void keepSession(memory, session);
  expect(keptSession(memory, '/data/59.tsv')).toEqual(sessions[59]);
  expect(keptSession(memory, '/data/9.tsv')).toBeUndefined();
  expect(keptSession(memory, '/data/10.tsv')).toEqual(sessions[10]);
});
