import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { guessMethod, guessRoles } from '../../../src/data/roles.ts';
import { openTable } from '../../../src/data/open.ts';
import { opened, openedText, rowsOf, temporaryFolder, written } from './setting.ts';

const SAMPLES = path.resolve('samples');
const FIXTURES = path.join(import.meta.dirname, 'fixtures');

describe('the files in samples/', () => {
  it('SMS spam: 5,574 rows without a header, 4,827 ham and 747 spam', async () => {
    const table = await opened(path.join(SAMPLES, 'sms-spam.tsv'));
    expect(table).toMatchObject({ format: 'tsv', header: false, encoding: 'utf-8', separator: '\t' });
    expect(table.rows.count).toBe(5574);
    const labels = rowsOf(table).map(([label]) => label);
    expect(labels.filter(label => label === 'ham')).toHaveLength(4827);
    expect(labels.filter(label => label === 'spam')).toHaveLength(747);
    const roles = guessRoles(table.columns, {});
    expect([roles, guessMethod(roles)]).toEqual([{ label: 'column1', text: 'column2' }, 'classification']);
    expect(table.malformed.size).toBe(0);
  });

  test.each([
    ['SST-2/dev.tsv', 872, true, { text: 'sentence', label: 'label' }, 'classification'],
    ['SST-2/train.tsv', 67349, true, { text: 'sentence', label: 'label' }, 'classification'],
    ['instruction-data.json', 1100, true, { instruction: 'instruction', input: 'input', output: 'output' }, 'sft'],
    ['film-sentences.txt', 4, false, { text: 'text' }, 'lm'],
  ])('%s: %i rows', async (name, rows, header, roles, method) => {
    const table = await opened(path.join(SAMPLES, name));
    const guessed = guessRoles(table.columns, {});
    expect({ rows: table.rows.count, header: table.header, guessed, method: guessMethod(guessed) }).toEqual({
      rows,
      header,
      guessed: roles,
      method,
    });
  });
});

describe('formats', () => {
  test.each<[string, string, string, unknown[][]]>([
    [
      'a TSV has no quoting: a line is a row',
      'a.tsv',
      'ham\t"quoted\nspam\tsay ""hi""\nham\tx\n',
      [
        ['ham', '"quoted'],
        ['spam', 'say ""hi""'],
        ['ham', 'x'],
      ],
    ],
    [
      'line ends of Windows',
      'a.tsv',
      'ham\tone\r\nham\ttwo\r\n',
      [
        ['ham', 'one'],
        ['ham', 'two'],
      ],
    ],
    [
      'a separator of Unicode stays in its line',
      'a.tsv',
      'ham\tone\u2028two\nham\tb\n',
      [
        ['ham', 'one\u2028two'],
        ['ham', 'b'],
      ],
    ],
    [
      'CSV: separators, quotes and line ends in quotes',
      'a.csv',
      'text,label\n"a, ""b""\nc",1\nd,0\n',
      [
        ['a, "b"\nc', '1'],
        ['d', '0'],
      ],
    ],
    [
      'CSV with semicolons',
      'a.csv',
      'text;label\na, b;1\nc, d;0\n',
      [
        ['a, b', '1'],
        ['c, d', '0'],
      ],
    ],
    [
      'CSV with bars',
      'a.csv',
      'text|label\na|1\nc|0\n',
      [
        ['a', '1'],
        ['c', '0'],
      ],
    ],
    [
      'CSV with tabs',
      'a.csv',
      'text\tlabel\n"a\tb"\t1\nc\t0\n',
      [
        ['a\tb', '1'],
        ['c', '0'],
      ],
    ],
    ['CSV of a single column', 'a.csv', 'text\nhello there\nsecond\n', [['hello there'], ['second']]],
    [
      'CSV with line ends of Windows in and between rows',
      'a.csv',
      'text,label\r\n"a\r\nb",1\r\nc,0\r\n',
      [
        ['a\r\nb', '1'],
        ['c', '0'],
      ],
    ],
    [
      'JSON: a list of objects, columns as they turn up',
      'a.json',
      '[{"a": 1},\n {"b": "x", "a": null}]',
      [
        [1, null],
        [null, 'x'],
      ],
    ],
    ['JSON: a list within an object', 'a.json', '{"version": 1, "data": [{"a": "x"}, {"a": "y"}]}', [['x'], ['y']]],
    ['JSON: a file of lines', 'a.json', '{"a": "x"}\n{"a": "y"}\n', [['x'], ['y']]],
    ['JSON: texts', 'a.json', '["x", "y"]', [['x'], ['y']]],
    [
      'JSON: a row that holds lists and objects',
      'a.json',
      '[{"m": [{"role": "user", "content": "[{"}]}]',
      [[[{ role: 'user', content: '[{' }]]],
    ],
    ['JSON lines', 'a.jsonl', '{"a": "x"}\n\n{"a": "y"}', [['x'], ['y']]],
    ['plain text: lines that are not blank', 'a.txt', 'one\n\n  two\n \n', [['one'], ['  two']]],
  ])('%s', async (_, name, content, expected) => {
    const table = await openedText(name, content);
    const rows = rowsOf(table).map(cells => table.columns.map((_, index) => cells[index] ?? null));
    expect(rows).toEqual(expected);
  });

  test.each(['a.tsv', 'a.csv', 'a.jsonl', 'a.json', 'a.txt', 'a.parquet'])(
    '%s.gz is unpacked as it is read',
    async name => {
      const content: Record<string, string | Uint8Array> = {
        'a.tsv': 'text\tlabel\nx\t1\ny\t0\n',
        'a.csv': 'text,label\nx,1\ny,0\n',
        'a.jsonl': '{"text": "x"}\n{"text": "y"}\n',
        'a.json': '[{"text": "x"}, {"text": "y"}]',
        'a.txt': 'x\ny\n',
        'a.parquet': await readFixture('snappy.parquet'),
      };
      const table = await openedText(`${name}.gz`, gzipSync(content[name] ?? ''));
      expect(rowsOf(table).map(([text]) => text)).toEqual(name === 'a.parquet' ? PARQUET_TEXTS : ['x', 'y']);
    },
  );

  test.each(['snappy', 'gzip', 'zstd', 'none'])('Parquet that pyarrow wrote with %s', async compression => {
    const table = await opened(path.join(FIXTURES, `${compression}.parquet`));
    expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['text', 'text'],
      ['label', 'label'],
      ['messages', 'messages'],
      ['big', 'number'],
    ]);
    expect(rowsOf(table)[1]).toEqual([
      'zwei – äöü',
      0,
      [
        { role: 'user', content: 'q1' },
        { role: 'assistant', content: 'a1' },
      ],
      '9007199254740994',
    ]);
    expect(rowsOf(table).map(([text]) => text)).toEqual(PARQUET_TEXTS);
  });
});

const PARQUET_TEXTS = ['eins', 'zwei – äöü', null, 'drei', 'vier', 'fünf', 'sechs', 'sieben'];
const readFixture = async (name: string): Promise<Uint8Array> =>
  (await import('node:fs/promises')).readFile(path.join(FIXTURES, name));

describe('encodings', () => {
  const text = 'text,label\nCafé über naïve façade,1\nMädchen größer schön,0\n';
  const utf16 = (bigEndian: boolean): Buffer => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16, little-endian', utf16(false), 'utf-16le'],
    ['UTF-16, big-endian', utf16(true), 'utf-16be'],
    ['Latin-1', Buffer.from(text, 'latin1'), 'windows-1252'],
    [
      'Latin-1 after a megabyte of ASCII',
      Buffer.from(`text,label\n${'plain,1\n'.repeat(200_000)}${text.slice(11)}`, 'latin1'),
      'windows-1252',
    ],
  ])('%s', async (_, bytes, encoding) => {
    const table = await openedText('a.csv', bytes);
    expect(table.encoding).toBe(encoding);
    expect(table.columns[0]?.name).toBe('text');
    expect(
      rowsOf(table)
        .slice(-2)
        .map(([text]) => text),
    ).toEqual(table.rows.count > 10_000 ? ['plain', 'plain'] : ['Café über naïve façade', 'Mädchen größer schön']);
    expect(table.rows.read(table.rows.count - 1).cells[0]).toBe('Mädchen größer schön');
  });

  test.each([
    [
      'shift_jis',
      'テキストデータセットの文章です。これは日本語です。映画はとても面白かった。',
      Buffer.from(
        'g2WDTINYg2eDZoFbg16DWoNig2eCzJW2j82CxYK3gUKCsYLqgs2T+pZ7jOqCxYK3gUKJZonmgs2CxoLEguCWypSSgqmCwYK9gUI=',
        'base64',
      ),
    ],
  ])('%s is detected', async (encoding, expected, bytes) => {
    const table = await openedText('a.txt', bytes);
    expect([table.encoding, rowsOf(table)[0]?.[0]]).toEqual([encoding, expected]);
  });
});

describe('what is wrong with a row', () => {
  test.each<[string, string, string, [number, RegExp][]]>([
    [
      'too few and too many fields',
      'a.tsv',
      'ham\tone\nham\tone\nspam\nham\ta\tb\n',
      [
        [2, /1 column, and the file has 2/],
        [3, /3 columns/],
      ],
    ],
    ['a quote in the middle of a field', 'a.csv', 'text,label\n"a" b,1\nc,0\n', [[0, /quote/i]]],
    ['a line that is no JSON', 'a.jsonl', '{"a": 1}\n{"a": \n{"a": 2}\n', [[1, /not valid JSON/]]],
  ])('%s', async (_, name, content, expected) => {
    const { malformed } = await openedText(name, content);
    expect([...malformed.keys()]).toEqual(expected.map(([row]) => row));
    for (const [row, message] of expected) expect(malformed.get(row)).toMatch(message);
  });

  it('rows know their lines, also after quoted line ends and within JSON', async () => {
    const csv = await openedText('a.csv', 'text,label\n"a\nb",1\n\nc,0\n');
    expect([csv.rows.read(0).line, csv.rows.read(1).line]).toEqual([2, 5]);
    const json = await openedText('a.json', '\n[\n  {\n  "a": "1"},\n  {"a": "2"}, {"a": "3"},\n\n{"a": "ü"}]');
    expect(Array.from({ length: 4 }, (_, row) => json.rows.read(row).line)).toEqual([3, 5, 5, 7]);
  });
});

describe('files that are refused, or hold nothing', () => {
  test.each<[string, string, string | Uint8Array, string, RegExp]>([
    ['an unknown ending', 'a.xlsx', 'x', 'dataset-format-unknown', /\.xlsx/],
    ['JSON that ends too early', 'a.json', '[{"a": 1}, {"a"', 'json-invalid', /a\.json.*ends before every bracket/],
    ['JSON that is none', 'a.json', '[{"a": 1},\n {a: 2}]', 'json-invalid', /near line/],
    ['JSON without a list', 'a.json', '{"a": {"b": 1}}', 'json-no-rows', /without a list/],
    ['no Parquet', 'a.parquet', 'not parquet at all', 'parquet-invalid', /a\.parquet/],
    [
      'a gzip that is cut short',
      'a.tsv.gz',
      gzipSync('ham\tone\n'.repeat(1000)).subarray(0, 30),
      'gzip-corrupt',
      /unpacked/,
    ],
  ])('%s', async (_, name, content, code, message) => {
    const file = await written(name, content);
    await expect(openTable(file, { header: null })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('a file that is not there, and a folder', async () => {
    const folder = await temporaryFolder();
    await expect(openTable(path.join(folder, 'no.tsv'), { header: null })).rejects.toMatchObject({
      code: 'file-missing',
    });
    await expect(openTable(`${folder}/.`.replace(/\/\.$/, ''), { header: null })).rejects.toMatchObject({
      code: 'dataset-format-unknown',
    });
  });

  test.each(['a.tsv', 'a.csv', 'a.json', 'a.jsonl', 'a.txt'])('an empty %s has no rows', async name => {
    const table = await openedText(name, '');
    expect([table.rows.count, table.columns.length]).toEqual([0, name === 'a.txt' ? 1 : 0]);
  });

  it('a cancel ends reading', async () => {
    const file = await written('a.tsv', 'ham\tone\n'.repeat(500_000));
    const abort = new AbortController();
    const reading = openTable(file, { header: null, signal: abort.signal, onProgress: () => abort.abort() });
    setTimeout(() => abort.abort(), 5);
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
