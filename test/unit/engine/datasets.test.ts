import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type {
  DatasetDescription,
  DatasetRequest,
  DatasetRows,
  LaidOpenBatch,
  RenderedRow,
} from '../../../src/protocol/dataset.ts';
import type { Progress } from '../../../src/protocol/engine.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { temporaryFolder } from '../data/setting.ts';
import { testEngine, TINY } from './testEngine.ts';

const SMS = path.resolve('samples/sms-spam.tsv');

const jsonl = (rows: readonly object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');
const ALL = { train: 1, validation: 0, test: 0, shuffle: false };
const IN_ORDER = { train: 0.5, validation: 0.25, test: 0.25, shuffle: false };

/** An engine, and a file with these rows. */
async function setting(rows: readonly object[] | string, name = 'rows.jsonl') {
  const { engine } = await testEngine();
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, typeof rows === 'string' ? rows : jsonl(rows));
  const request = (
    dataset: Partial<DatasetRequest['dataset']> = {},
    more: Partial<DatasetRequest> = {},
  ): DatasetRequest => ({
    model: TINY,
    ...more,
    dataset: { split: ALL, ...dataset, file },
  });
  return { engine, file, request };
}

describe('SMS spam', () => {
  const request = (dataset: Partial<DatasetRequest['dataset']> = {}): DatasetRequest => ({
    model: TINY,
    dataset: { ...dataset, file: SMS },
  });

  it('is opened, described and read by the row, with the parts of the split', async () => {
    const { engine } = await testEngine();
    const opened = await valueOf(engine.openDataset(request()));
    expect(opened).toMatchObject({
      rows: 5574,
      header: false,
      method: 'classification',
      roles: { label: 'column1', text: 'column2' },
    });
    const description = await valueOf(engine.describeDataset(request()));
    expect(description).toMatchObject({
      rows: 5574,
      classes: [
        { label: 'ham', count: 4827 },
        { label: 'spam', count: 747 },
      ],
      split: { train: 4737, validation: 278, test: 559 },
    });
    const bars = description.lengths?.histogram.counts ?? [];
    expect(bars.reduce((sum, count) => sum + count, 0)).toBe(5574);
    const test = await valueOf(engine.datasetRows({ dataset: request(), from: 557, count: 10, part: 'test' }));
    expect([test.total, test.rows.length, test.rows[0]?.part]).toEqual([559, 2, 'test']);
  }, 60_000);

  it('balanced by the role of the column', async () => {
    const { engine } = await testEngine();
    const { steps, classes } = await valueOf(
      engine.describeDataset(request({ steps: [{ balance: 'label' }, { take: 1000 }] })),
    );
    expect(steps).toEqual([
      { step: 'balance label', rows: 1494 },
      { step: 'take 1000', rows: 1000 },
    ]);
    expect(classes?.map(({ count }) => count).reduce((a, b) => a + b)).toBe(1000);
  }, 60_000);
});

describe('rows', () => {
  it('say number, place in the file, cells that are cut for display, tokens', async () => {
    const { engine, request } = await setting([
      { text: 'ab', label: 'x' },
      { text: 'z'.repeat(3000), label: 'y' },
      { text: 'c', label: 'x' },
    ]);
    const { rows, columns, total }: DatasetRows = await valueOf(
      engine.datasetRows({ dataset: request({ steps: [{ filter: 'text != "ab"' }] }), from: 0, count: 5 }),
    );
    expect([columns, total]).toEqual([['text', 'label'], 2]);
    expect(rows[0]).toMatchObject({ row: 0, source: 1, line: 2, part: 'train' });
    expect(rows[0]?.cells[0]).toEqual({ text: `${'z'.repeat(400)}…`, cut: true });
    expect(rows[1]).toMatchObject({ row: 1, source: 2, line: 3, cells: [{ text: 'c' }, { text: 'x' }], tokens: 1 });
  });

  it('are read anew when the file changes, and not otherwise', async () => {
    const { engine, file, request } = await setting([{ text: 'a' }, { text: 'b' }]);
    const version = async (): Promise<[number, string]> => {
      const { rows, version } = await valueOf(engine.openDataset(request()));
      return [rows, version];
    };
    const first = await version();
    expect(await version()).toEqual(first);
    await writeFile(file, jsonl([{ text: 'a' }, { text: 'b' }, { text: 'c' }]));
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    const [rows, changed] = await version();
    expect([rows, changed === first[1]]).toEqual([3, false]);
    await rm(file);
    expect(await engine.openDataset(request())).toMatchObject({ ok: false, error: { code: 'file-missing' } });
  });

  it('of many datasets at once are all right, though only the newest are kept', async () => {
    const { engine } = await testEngine();
    const folder = await temporaryFolder();
    const files = Array.from({ length: 9 }, (_, at) => path.join(folder, `${at}.jsonl`));
    for (const [at, file] of files.entries())
      await writeFile(file, jsonl(Array.from({ length: at + 1 }, () => ({ text: `of ${at}` }))));
    const ask = (file: string) =>
      valueOf(engine.datasetRows({ dataset: { model: TINY, dataset: { file, split: ALL } }, from: 0, count: 100 }));
    const answers = await Promise.all([...files, ...files].map(ask));
    expect(answers.map(({ rows }) => rows.length)).toEqual([...files, ...files].map((_, at) => (at % 9) + 1));
  });
});

describe('what is wrong', () => {
  const problems = async (
    rows: readonly object[] | string,
    dataset: Partial<DatasetRequest['dataset']> = {},
    more: Partial<DatasetRequest> = {},
    name?: string,
  ) => {
    const { engine, request } = await setting(rows, name);
    const { problems, problemCount } = await valueOf(engine.describeDataset(request(dataset, more)));
    expect(problemCount).toBe(problems.length);
    return problems.map(({ kind, row, line }) => [kind, row, line]);
  };
  const row = (text: string | null, label: string | null = 'x') => ({ text, label });

  test.each<[string, Parameters<typeof problems>, unknown[][]]>([
    [
      'empty texts and labels',
      [[row('a'), row(''), row('b', 'y'), row('c', null)]],
      [
        ['empty', 1, 2],
        ['empty', 3, 4],
      ],
    ],
    ['too long', [[row('a'), row('b', 'y'), row('word '.repeat(40))]], [['too-long', 2, 3]]],
    ['duplicates, with their label', [[row('a'), row('b', 'y'), row('a'), row('a', 'y')]], [['duplicate', 2, 3]]],
    [
      'the same text in train and test',
      [[row('a'), row('b', 'y'), row('c', 'y'), row('a', 'y')], { split: IN_ORDER }],
      [['in-train-and-test', 3, 4]],
    ],
    [
      'a label of validation that training has not',
      [[row('a'), row('b', 'y'), row('c', 'z'), row('d')], { split: IN_ORDER }],
      [['unknown-label', 2, 3]],
    ],
    [
      'a label that is not listed',
      [[row('a'), row('b', 'y')], {}, { classification: { labels: ['x', 'z'] } }],
      [['unknown-label', 1, 2]],
    ],
    [
      'equal answers, and none',
      [
        [
          { prompt: 'p', chosen: 'a', rejected: 'a' },
          { prompt: 'p', chosen: 'b', rejected: '' },
        ],
      ],
      [
        ['duplicate', 0, 1],
        ['empty', 1, 2],
      ],
    ],
    [
      'malformed rows',
      ['text\tlabel\na\tx\nb\nc\ty\textra\nd\ty\n', {}, {}, 'rows.tsv'],
      [
        ['malformed', 1, 3],
        ['empty', 1, 3],
        ['malformed', 2, 4],
      ],
    ],
  ])('%s', async (_, args, expected) => {
    expect(await problems(...args)).toEqual(expected);
  });

  it('is told of the rows once they were described', async () => {
    const { engine, request } = await setting([row('a'), row(''), row('b', 'y')]);
    const asked = { dataset: request(), from: 0, count: 10 };
    expect((await valueOf(engine.datasetRows(asked))).rows.some(({ problems }) => problems)).toBe(false);
    await valueOf(engine.describeDataset(request()));
    expect((await valueOf(engine.datasetRows(asked))).rows.map(({ problems }) => problems?.length ?? 0)).toEqual([
      0, 1, 0,
    ]);
  });

  it('the first thousand problems are listed, and all are counted', async () => {
    const { engine, request } = await setting(Array.from({ length: 3000 }, () => row('same')));
    const { problems, problemCount } = await valueOf(engine.describeDataset(request()));
    expect([problems.length, problemCount]).toEqual([1000, 2999]);
  });

  test.each<[string, Partial<DatasetRequest['dataset']>, Partial<DatasetRequest>, string]>([
    ['no method', {}, {}, 'method-missing'],
    ['no model', {}, { model: '' }, 'model-missing'],
    ['an unknown template', { template: 'nope' }, { method: 'sft' }, 'template-unknown'],
    ['a template of a missing column', { template: '{{ promt }}' }, { method: 'sft' }, 'column-missing'],
    ['a length beyond the context', {}, { training: { maxLength: 4000 } }, 'length-over-context'],
    ['a split that can’t be', { split: { ...IN_ORDER, train: 0.9 } }, {}, 'split-invalid'],
  ])('%s is the reason why a part of the answer is missing', async (name, dataset, more, code) => {
    const rows =
      name === 'no method'
        ? [
            { a: 1.5, b: 2 },
            { a: 2.5, b: 3 },
          ]
        : [
            { prompt: 'p', completion: 'c' },
            { prompt: 'q', completion: 'd' },
          ];
    const { engine, request } = await setting(rows);
    const answer: DatasetDescription = await valueOf(engine.describeDataset(request(dataset, more)));
    expect(answer.reason?.code).toBe(code);
    expect([answer.rows, answer.columns.length]).toEqual([2, 2]);
  });

  test.each([
    ['nothing', ''],
    ['a line that names columns', 'text\tlabel\n'],
  ])('a file of %s is said to be empty, not to have the wrong columns', async (_, content) => {
    const { engine, request } = await setting(content, 'rows.tsv');
    const { reason } = await valueOf(engine.describeDataset(request({ header: true })));
    expect(reason).toMatchObject({ code: 'dataset-empty', message: expect.stringContaining('has no rows') });
  });
});

describe('a row laid open', () => {
  it('shows prompt, completion and end, what is scored, and what was cut', async () => {
    const { engine, request } = await setting([{ prompt: 'one two three', completion: ' four five' }]);
    const render = (training: DatasetRequest['training']): Promise<RenderedRow> =>
      valueOf(engine.renderDatasetRow({ ...request({}, { training: training ?? {} }), row: 0 }));
    const [whole] = (await render({})).sequences;
    const parts = whole?.tokens.map(({ part, scored }) => `${part} ${scored}`);
    expect(parts?.[0]).toBe('prompt false');
    expect(parts?.at(-1)).toBe('end true');
    expect(
      whole?.tokens
        .filter(({ scored }) => scored)
        .map(({ text }) => text)
        .join(''),
    ).toBe(' four five<|endoftext|>');
    const [cut] = (await render({ maxLength: 8 })).sequences;
    expect([cut?.tokens.length, cut?.cutTokens]).toEqual([8, (whole?.tokens.length ?? 0) - 8]);
  });

  it('says why a row is left out, and refuses one that is not there', async () => {
    const { engine, request } = await setting([
      { text: '', label: 'x' },
      { text: 'a', label: 'y' },
    ]);
    expect(await valueOf(engine.renderDatasetRow({ ...request(), row: 0 }))).toMatchObject({
      sequences: [],
      leftOut: 'its text is empty',
    });
    expect(await engine.renderDatasetRow({ ...request(), row: 2 })).toMatchObject({
      ok: false,
      error: { code: 'row-missing' },
    });
  });
});

it('a batch laid open: shape, ids, shifted targets, padding', async () => {
  const { engine, request } = await setting([
    { prompt: 'a', completion: 'b' },
    { prompt: 'a a a', completion: 'b b' },
    { prompt: 'c', completion: 'd' },
  ]);
  const batch: LaidOpenBatch = await valueOf(
    engine.datasetBatch({ ...request({}, { training: { shuffle: false, batchSize: 2 } }), batch: 0 }),
  );
  expect([batch.rows, batch.batches, batch.shape[0]]).toEqual([[0, 1], 2, 2]);
  for (const cells of batch.cells) {
    expect(cells).toHaveLength(batch.shape[1]);
    for (const [at, { target }] of cells.entries()) if (target !== -100) expect(target).toBe(cells[at + 1]?.id);
  }
  const [short, long] = batch.cells;
  expect(short?.filter(({ target }) => target !== -100)).toHaveLength(2); // the completion, and its end
  expect(short?.at(-1)).toMatchObject({ padded: true, target: -100 });
  expect(long?.some(({ padded }) => padded)).toBe(false);
  const missing = await engine.datasetBatch({
    ...request({}, { training: { shuffle: false, batchSize: 2 } }),
    batch: 2,
  });
  expect(missing).toMatchObject({ ok: false, error: { code: 'batch-missing' } });
});

describe('export', () => {
  const rows = Array.from({ length: 8 }, (_, n) => ({ n, text: `row "${n}", ü` }));
  test.each<['jsonl' | 'json' | 'csv' | 'tsv', string]>([
    ['jsonl', '{"n":4,"text":"row \\"4\\", ü"}\n{"n":5,"text":"row \\"5\\", ü"}\n'],
    ['json', '[\n  {"n":4,"text":"row \\"4\\", ü"},\n  {"n":5,"text":"row \\"5\\", ü"}\n]\n'],
    ['csv', 'n,text\r\n4,"row ""4"", ü"\r\n5,"row ""5"", ü"\r\n'],
    ['tsv', 'n\ttext\n4\trow "4", ü\n5\trow "5", ü\n'],
  ])('%s, one file a part', async (format, validation) => {
    const { engine, request } = await setting(rows);
    const folder = path.join(await temporaryFolder(), 'new', 'splits');
    const { files } = await valueOf(engine.exportDataset({ dataset: request({ split: IN_ORDER }), folder, format }));
    expect(files).toEqual(['train', 'validation', 'test'].map(part => path.join(folder, `${part}.${format}`)));
    expect(await readFile(files[1] as string, 'utf8')).toBe(validation);
    const { rows: again } = await valueOf(engine.openDataset({ model: TINY, dataset: { file: files[0] as string } }));
    expect(again).toBe(4);
  });

  it('refuses a TSV of cells that hold tabs', async () => {
    const { engine, request } = await setting([{ text: 'a\tb' }]);
    const answer = await engine.exportDataset({ dataset: request(), folder: await temporaryFolder(), format: 'tsv' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'cell-not-tsv' } });
  });
});

it('a long description tells how far it is, and can be cancelled', async () => {
  const { engine } = await testEngine();
  const progress: Progress[] = [];
  const abort = new AbortController();
  const onProgress = (report: Progress): void => {
    progress.push(report);
    if (progress.length === 3) abort.abort();
  };
  const request = { model: TINY, dataset: { file: path.resolve('samples/SST-2/train.tsv') } };
  const answer = await engine.describeDataset(request, { signal: abort.signal, onProgress });
  expect(answer).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(progress.at(-1)).toMatchObject({ total: expect.any(Number), done: expect.any(Number) });
}, 60_000);

it('a row of a megabyte is shown shortened, told as too long, and cut', async () => {
  const { engine, request } = await setting([
    { text: 'word '.repeat(200_000), label: 'x' },
    { text: 'b', label: 'y' },
  ]);
  const { problems, lengths } = await valueOf(engine.describeDataset(request()));
  expect(problems).toMatchObject([{ kind: 'too-long', row: 0 }]);
  expect(lengths?.max).toBeGreaterThan(200_000);
  const [row] = (await valueOf(engine.datasetRows({ dataset: request(), from: 0, count: 1 }))).rows;
  expect(row?.cells[0]?.text).toHaveLength(401);
  const [sequence] = (await valueOf(engine.renderDatasetRow({ ...request(), row: 0 }))).sequences;
  expect([sequence?.tokens.length, sequence?.cutTokens]).toEqual([32, (lengths?.max ?? 0) - 32]);
}, 60_000);
