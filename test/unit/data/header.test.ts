import { expect, test } from 'vitest';
import { columnNames, hasHeader } from '../../../src/data/formats/header.ts';

test.each<[string, string[][], boolean]>([
  [
    'a label that comes again is a value',
    [
      ['ham', 'Go until jurong point'],
      ['spam', 'Free entry'],
      ['ham', 'Ok lar'],
    ],
    false,
  ],
  [
    'usual names',
    [
      ['sentence', 'label'],
      ['a film', '1'],
      ['another', '0'],
    ],
    true,
  ],
  [
    'a usual name beside an unusual one',
    [
      ['id', 'utterance'],
      ['a1', 'hello'],
      ['a2', 'bye'],
    ],
    true,
  ],
  [
    'a name over numbers',
    [
      ['utterance', 'points'],
      ['hello', '3'],
      ['bye', '5'],
    ],
    true,
  ],
  [
    'numbers in the first row too',
    [
      ['hello', '4'],
      ['bye', '5'],
      ['well', '3'],
    ],
    false,
  ],
  [
    'short names over long texts',
    [
      ['utterance', 'reply'],
      ['how are you today my dear friend', 'I am fine, thank you very much'],
      ['where are you going this evening', 'I stay at home with a good book'],
    ],
    true,
  ],
  [
    'an empty name',
    [
      ['label', ''],
      ['1', 'x'],
      ['0', 'y'],
    ],
    false,
  ],
  [
    'a name that comes twice',
    [
      ['text', 'text'],
      ['a', 'b'],
      ['c', 'd'],
    ],
    false,
  ],
  [
    'row numbers without a name',
    [
      ['', 'text', 'label'],
      ['0', 'a', 'x'],
      ['1', 'b', 'y'],
    ],
    true,
  ],
  [
    'two rows of long texts',
    [
      ['I went there and saw it all.', 'She said that it was good.'],
      ['He came, and then he left again.', 'Nobody knew why he did so.'],
    ],
    false,
  ],
])('%s', (_, rows, expected) => {
  expect(hasHeader(rows)).toBe(expected);
});

test('names are unique, and made where they are missing', () => {
  expect(columnNames(['a', '', 'a'], 4)).toEqual(['a', 'column2', 'a_2', 'column4']);
  expect(columnNames(null, 2)).toEqual(['column1', 'column2']);
});
