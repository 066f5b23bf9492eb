import { expect, test } from 'vitest';
import { RowTable } from '../../../../src/host/evaluations/rowTable.ts';
import type { EvaluatedRow } from '../../../../src/protocol/evaluation/folder.ts';
import { ALL_ROWS, type RowQuery } from '../../../../src/protocol/panels/evaluation.ts';

const labelled = (row: number, label: string, predicted: string, sure: number): EvaluatedRow => ({
  row,
  label,
  predicted,
  scores: { [predicted]: sure, [predicted === 'ham' ? 'spam' : 'ham']: 1 - sure },
  text: `text ${row}`,
});

const ROWS: readonly EvaluatedRow[] = [
  labelled(0, 'ham', 'ham', 0.9),
  labelled(1, 'ham', 'spam', 0.6),
  { row: 2, leftOut: 'It has no text.' },
  labelled(3, 'spam', 'spam', 0.7),
  labelled(4, 'spam', 'ham', 0.6),
];

function tableOf(rows: readonly EvaluatedRow[], task = 'classifier'): RowTable {
  const table = new RowTable(task);
  for (const row of rows) table.add(row);
  return table;
}

const range = (from: number, to: number, ends: 'from' | 'to' | 'both'): Partial<RowQuery> => ({
  range: { key: 'confidence', from, to, with: ends },
});

test.each<[string, Partial<RowQuery>, number[]]>([
  ['all', {}, [0, 1, 2, 3, 4]],
  ['right', { only: 'right' }, [0, 3]],
  ['wrong', { only: 'wrong' }, [1, 4]],
  ['left out', { only: 'left out' }, [2]],
  ['a cell of the confusion', { facets: { label: 'ham', predicted: 'spam' } }, [1]],
  ['a bin open below', range(0.6, 0.7, 'to'), [3]],
  ['a bin open above', range(0.6, 0.7, 'from'), [1, 4]],
  ['a closed bin', range(0.6, 0.7, 'both'), [1, 3, 4]],
  ['the surest first, what has none last', { sort: { key: 'confidence', direction: 'descending' } }, [0, 3, 1, 4, 2]],
  [
    'the least sure first, what has none last',
    { sort: { key: 'confidence', direction: 'ascending' } },
    [1, 4, 3, 0, 2],
  ],
  ['by a name', { sort: { key: 'predicted', direction: 'descending' } }, [1, 3, 0, 4, 2]],
  ['a label that no row has', { facets: { label: 'eggs' } }, []],
])('finds %s', (_, query, lines) => {
  expect(tableOf(ROWS).find({ ...ALL_ROWS, ...query })).toEqual(lines);
});

test('counts while rows come: who is taken for whom, what is left out, what there is to choose from', () => {
  const table = tableOf(ROWS);
  expect(table.soFar.confusion).toEqual({
    labels: ['ham', 'spam'],
    counts: [
      [1, 1],
      [1, 1],
    ],
  });
  expect(table.leftOut).toBe(1);
  expect(table.facets).toEqual({ label: ['ham', 'spam'], predicted: ['ham', 'spam'] });
});

test('a prompt’s confidence is the softmax of its scores', () => {
  const row: EvaluatedRow = { row: 0, label: '1', predicted: '1', scores: { 0: -4, 1: -3 }, text: '' };
  const within = (from: number, to: number): number[] =>
    tableOf([row], 'prompt').find({ ...ALL_ROWS, ...range(from, to, 'both') });
  // 1 / (1 + exp(-1)) = 0.7311
  expect([within(0.731, 0.7312), within(0.5, 0.73)]).toEqual([[0], []]);
});

test('a judge’s scores by column, those without one counted apart', () => {
  const judged = (column: string, score: number | null): EvaluatedRow => ({
    row: 0,
    column,
    response: '',
    score,
    answer: '',
    attempts: 1,
  });
  const { judged: counted } = tableOf(
    [judged('a', 95), judged('a', 100), judged('a', null), judged('b', 9)],
    'judge',
  ).soFar;
  expect(counted).toEqual([
    { column: 'a', asked: 3, scored: 2, mean: 97.5, histogram: [0, 0, 0, 0, 0, 0, 0, 0, 0, 2] },
    { column: 'b', asked: 1, scored: 1, mean: 9, histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  ]);
});

test('rows on which somebody voted', () => {
  expect(tableOf(ROWS).find({ ...ALL_ROWS, only: 'voted' }, undefined, new Set([3, 99]))).toEqual([3]);
});
