import { expect, test } from 'vitest';
import { isDataset, mayBeDataset } from '../../../../src/host/datasets/files.ts';
import { rowOfLine } from '../../../../src/host/datasets/rowOfLine.ts';
import { mainFile, sourceProblem } from '../../../../src/host/datasets/source.ts';

const SMS = 'ham\tOk lar...\nspam\tFree entry\nham\tU dun say\n';

test.each([
  ['sms-spam.tsv', '', true],
  ['train.csv.gz', '', true],
  ['part-0.parquet', 'PAR1', true],
  ['SMSSpamCollection', SMS, false], // a format is known by its ending
  ['sms.txt', SMS, true],
  ['notes.txt', 'A line.\nAnother line.\n', false],
  ['table.txt', 'a\tb\nonly one\n', false],
  ['instruction-data.json', '[\n  {\n    "instruction": "…"', true],
  ['package.json', '{\n  "name": "x"', false],
  ['numbers.json', '[1, 2]', false],
  ['main.ts', 'const a\t= 1;\nconst b\t= 2;\n', false],
  ['LICENSE', 'MIT License\n\nCopyright\n', false],
])('%s that begins with %j', (name, beginning, is) => expect(isDataset(`/data/${name}`, beginning)).toBe(is));

test.each([
  ['notes.txt', true],
  ['broken.json', true],
  ['part-0.parquet', true],
  ['main.ts', false],
  ['SMSSpamCollection', false],
])('%s, where it is open, is offered as a dataset: %s', (name, is) => expect(mayBeDataset(`/data/${name}`)).toBe(is));

const starts = [1, 5, 9, 10, 40];

test.each([
  [1, 0],
  [4, 0],
  [5, 1],
  [9, 2],
  [39, 3],
  [900, 4],
])('at line %i stands row %i', async (line, row) => {
  expect(await rowOfLine(line, starts.length, async row => starts[row])).toBe(row);
});

test('a line before every row is none’s, nor is one where rows have no lines', async () => {
  expect(await rowOfLine(1, 2, async row => row + 2)).toBeNull();
  expect(await rowOfLine(1, 2, async () => undefined)).toBeNull();
  expect(await rowOfLine(1, 0, async () => 1)).toBeNull();
});

test('finding a line among a million rows asks for twenty', async () => {
  let asked = 0;
  const found = await rowOfLine(765_432, 1_000_000, async row => {
    asked++;
    return row + 1;
  });
  expect([found, asked <= 20]).toEqual([765_431, true]);
});

test.each([
  ['https://example.org/sms.zip', true],
  ['stanfordnlp/sst2', true],
  ['owner/name@main:data/train.parquet', true],
  ['sst2', false],
  ['ftp://example.org/x', false],
  ['https://', false],
  ['  ', false],
])('%j can be fetched: %s', (source, can) => expect(sourceProblem(source) === undefined).toBe(can));

test('the file to look at first is that of the training part', () => {
  expect(mainFile(['data/test.tsv', 'data/train.tsv'])).toBe('data/train.tsv');
  expect(mainFile(['a.csv', 'b.csv'])).toBe('a.csv');
});
