import { expect, test } from 'vitest';
import { columnsThatFit, IN_ORDER, nextSort, sortedRows } from '../../../webview-ui/shared/gridColumns.ts';
import { type Cell, cellAfterKey, HEADER } from '../../../webview-ui/shared/gridKeys.ts';
import { preferred, tokenColumns } from '../../../webview-ui/tokenProbabilities/columns.ts';
import { rankedTexts } from '../../../webview-ui/tokenProbabilities/rankedTexts.ts';
import { panelText, rowsFor } from './scoredTexts.ts';

const rows = rowsFor([
  ['The', null],
  [' b', 5],
  [' a', 9],
  [' c', 5],
]);

test.each([
  ['position', 'descending', [3, 2, 1, 0]],
  ['bits', 'descending', [2, 1, 3, 0]],
  ['bits', 'ascending', [1, 3, 2, 0]],
  ['token', 'ascending', [0, 2, 1, 3]],
  ['extraBits', 'descending', [0, 1, 2, 3]],
] as const)('sorted by %s, %s', (column, direction, order) =>
  expect(sortedRows(rows, tokenColumns(4, true, null), { column, direction }).map(({ index }) => index)).toEqual(order),
);

test('a title sorts in its own direction first, then the other way', () => {
  const bits = tokenColumns(10, false, null).find(({ name }) => name === 'bits');
  expect(bits).toBeDefined();
  if (!bits) return;
  const once = nextSort(IN_ORDER, bits);
  expect(once).toEqual({ column: 'bits', direction: 'descending' });
  expect(nextSort(once, bits)).toEqual({ column: 'bits', direction: 'ascending' });
});

test.each([
  [2000, false, 'position token id probability rank bits entropy rather'],
  [2000, true, 'position token id probability rank bits entropy comparedProbability extraBits rather'],
  [276, false, 'position token probability bits'],
  [100, true, 'position token bits'],
])('%s pixels have room for the columns', (width, comparing, names) =>
  expect(
    columnsThatFit(tokenColumns(300, comparing, null), width)
      .map(({ name }) => name)
      .join(' '),
  ).toBe(names),
);

test('preferred are the alternatives that rank before the token', () => {
  const top = [' x', ' y', ' z'].map((text, id) => ({ id, text, probability: 0.3 - id / 10 }));
  const [third, first] = rowsFor([
    { text: ' z', rank: 3, top },
    { text: ' x', rank: 1, top },
  ]);
  expect(third && preferred(third).map(({ text }) => text)).toEqual([' x', ' y']);
  expect(first && preferred(first)).toEqual([]);
});

const size = { rows: 100, columns: 8, page: 20 };
test.each<[string, boolean, Cell, Cell | null]>([
  ['ArrowDown', false, { row: 99, column: 2 }, { row: 99, column: 2 }],
  ['ArrowUp', false, { row: 0, column: 2 }, { row: HEADER, column: 2 }],
  ['ArrowRight', false, { row: 5, column: 7 }, { row: 5, column: 7 }],
  ['PageDown', false, { row: 90, column: 0 }, { row: 99, column: 0 }],
  ['PageUp', false, { row: 5, column: 0 }, { row: 0, column: 0 }],
  ['Home', false, { row: 5, column: 4 }, { row: 5, column: 0 }],
  ['End', true, { row: 5, column: 4 }, { row: 99, column: 7 }],
  ['Home', true, { row: 5, column: 4 }, { row: 0, column: 0 }],
  ['a', false, { row: 5, column: 4 }, null],
])('%s (control: %s) goes from %j to %j', (key, ctrlKey, from, to) =>
  expect(cellAfterKey(from, { key, ctrlKey }, size)).toEqual(to),
);

test('texts are ranked by perplexity, those without one last', () => {
  const texts = [panelText([['a', 9]]), panelText([['b', null]]), panelText([['c', 2]]), panelText([['d', 9]])];
  expect(rankedTexts(texts)).toEqual([2, 0, 3, 1]);
});
