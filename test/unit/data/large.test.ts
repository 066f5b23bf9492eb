import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { RowStore } from '../../../src/data/rowStore.ts';
import { opened, rowsOf, temporaryFolder, written } from './setting.ts';

const ROWS = 1_000_000;

interface Measured {
  readonly rows: number;
  readonly last: { readonly cells: readonly unknown[]; readonly line: number };
  readonly peakMegabytes: number;
}

/** Reads a file in a process of its own, whose memory is measured. */
async function measured(file: string): Promise<Measured> {
  const child = fork(path.join(import.meta.dirname, 'measureReading.ts'), [file], { silent: true });
  const [answer] = (await once(child, 'message')) as [Measured];
  return answer;
}

async function writeRows(name: string, row: (index: number) => string): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  const stream = createWriteStream(file);
  for (let start = 0; start < ROWS; start += 10_000) {
    const text = Array.from({ length: 10_000 }, (_, index) => row(start + index)).join('');
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return file;
}

const text = (index: number): string =>
  `message number ${index}, which goes on for about as long as a message on a telephone does`;

describe('a million rows', () => {
  test.each<[string, (index: number) => string]>([
    ['rows.tsv', index => `${index % 7 === 0 ? 'spam' : 'ham'}\t${text(index)}\n`],
    ['rows.jsonl', index => `${JSON.stringify({ label: index % 7 === 0 ? 'spam' : 'ham', text: text(index) })}\n`],
  ])(
    '%s is read with less than half a gigabyte, and any row is at hand',
    async (name, row) => {
      const { rows, last, peakMegabytes } = await measured(await writeRows(name, row));
      expect(rows).toBe(ROWS);
      expect(last).toEqual({ cells: ['spam', text(ROWS - 1)], line: ROWS });
      expect(peakMegabytes).toBeLessThan(512);
    },
    120_000,
  );
});

describe('a row of a megabyte', () => {
  const long = 'word '.repeat(200_000);
  test.each<[string, string]>([
    ['a.tsv', `ham\tshort\nspam\t${long}\nham\tlast\n`],
    ['a.csv', `label,text\nham,short\nspam,"${long.replaceAll('word word ', 'a ""q""\n')}"\nham,last\n`],
    [
      'a.json',
      JSON.stringify([
        { label: 'ham', text: 'short' },
        { label: 'spam', text: long },
        { label: 'ham', text: 'last' },
      ]),
    ],
    [
      'a.jsonl',
      [
        ['ham', 'short'],
        ['spam', long],
        ['ham', 'last'],
      ]
        .map(([label, text]) => `${JSON.stringify({ label, text })}\n`)
        .join(''),
    ],
  ])('%s', async (name, content) => {
    const table = await opened(await written(name, content));
    const texts = rowsOf(table).map(cells => cells[1]);
    expect(texts).toEqual(['short', name === 'a.csv' ? long.replaceAll('word word ', 'a "q"\n') : long, 'last']);
  });
});

describe('rows that are too many for memory go to a temporary file', () => {
  it('and are the same, one by one and in batches, while more are added', () => {
    const store = new RowStore(1024 * 1024);
    const cells = (row: number): string[] => [`row ${row}`, 'ü€😀'.repeat(row % 50)];
    for (let row = 0; row < 40_000; row++) store.append(cells(row), row + 1);
    for (const row of [0, 1, 9_999, 20_000, 39_999])
      expect(store.read(row)).toEqual({ cells: cells(row), line: row + 1 });
    let row = 0;
    while (row < store.count) {
      const batch = store.readBatch(row, 777);
      for (const read of batch) expect(read.cells).toEqual(cells(row++));
    }
    expect(row).toBe(40_000);
    store.dispose();
  });
});
