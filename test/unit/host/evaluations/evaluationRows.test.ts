import { appendFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { EvaluationRows } from '../../../../src/host/evaluations/evaluationRows.ts';
import { EVALUATION_FILES, type EvaluatedRow } from '../../../../src/protocol/evaluation/folder.ts';
import { ALL_ROWS } from '../../../../src/protocol/panels/evaluation.ts';

const NOBODY: ReadonlySet<number> = new Set();
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-rows-'));
  file = path.join(folder, EVALUATION_FILES.rows);
});

const row = (number: number, text: string): EvaluatedRow => ({
  row: number,
  label: 'a',
  predicted: 'a',
  scores: { a: 1, b: 0 },
  text,
});
const lines = (...rows: readonly EvaluatedRow[]): string => rows.map(one => `${JSON.stringify(one)}\n`).join('');

const textsOf = async (rows: EvaluationRows, query = ALL_ROWS, from = 0, count = 100): Promise<unknown[]> =>
  (await rows.page(query, NOBODY, from, count)).rows.map(({ row, found }) => [row, 'text' in found && found.text]);

test('rows are read from their file by their places, letters of several bytes before them', async () => {
  await writeFile(file, lines(row(0, 'naïve 日本語 🙂'), row(1, 'second'), row(2, 'third')));
  const rows = new EvaluationRows(folder, 'classifier');
  expect(await rows.read()).toBe(true);
  expect(await rows.read()).toBe(false);
  expect(await textsOf(rows, ALL_ROWS, 1, 1)).toEqual([[1, 'second']]);
  expect(await textsOf(rows)).toEqual([
    [0, 'naïve 日本語 🙂'],
    [1, 'second'],
    [2, 'third'],
  ]);
});

test('rows that come are found; a line that is torn has no row, and moves none', async () => {
  await writeFile(file, lines(row(0, 'first')));
  const rows = new EvaluationRows(folder, 'classifier');
  await rows.read();
  await appendFile(file, `{"row":1,"la\n${lines(row(1, 'again'), row(2, 'last'))}`);
  expect(await rows.read()).toBe(true);
  expect(await textsOf(rows)).toEqual([
    [0, 'first'],
    [1, 'again'],
    [2, 'last'],
  ]);
});

test('a file that is written anew is read anew', async () => {
  await writeFile(file, lines(row(0, 'long before'), row(1, 'gone')));
  const rows = new EvaluationRows(folder, 'classifier');
  await rows.read();
  await writeFile(file, lines(row(0, 'new')));
  expect(await rows.read()).toBe(true);
  expect(await textsOf(rows)).toEqual([[0, 'new']]);
});

test('a search looks into the texts, whatever their case, and not into names of fields', async () => {
  await writeFile(file, lines(row(0, 'A Film'), row(1, 'scores of films'), row(2, 'nothing')));
  const rows = new EvaluationRows(folder, 'classifier');
  await rows.read();
  expect(await textsOf(rows, { ...ALL_ROWS, search: 'film' })).toEqual([
    [0, 'A Film'],
    [1, 'scores of films'],
  ]);
  expect(await textsOf(rows, { ...ALL_ROWS, search: 'predicted' })).toEqual([]);
});

test('a folder without rows has none', async () => {
  const rows = new EvaluationRows(folder, 'prompt');
  expect(await rows.read()).toBe(false);
  expect(await rows.page(ALL_ROWS, NOBODY, 0, 10)).toEqual({ rows: [], total: 0 });
});

test('of very many points an even choice is drawn', async () => {
  const probed = (number: number): EvaluatedRow => ({
    row: number,
    column: 'text',
    group: number % 2 ? 'odd' : 'even',
    text: 'x',
    tokens: 2,
    perplexity: 2,
    negativeLogLikelihood: 1,
    scoredTokens: 1,
    bitsPerByte: 1,
    projected: [number, -number],
  });
  await writeFile(file, lines(...Array.from({ length: 25_000 }, (_, i) => probed(i))));
  const rows = new EvaluationRows(folder, 'probe');
  await rows.read();
  const points = rows.points;
  expect(points?.total).toBe(25_000);
  expect(points?.xs.length).toBeGreaterThan(5000);
  expect(points?.xs.length).toBeLessThanOrEqual(10_000);
  expect(Math.max(...(points?.xs ?? []))).toBeGreaterThan(24_900);
  expect(points?.lines[100]).toBe(points?.xs[100]);
});
