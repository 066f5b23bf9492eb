import { visibleText } from '../../src/protocol/heat.ts';
import type { Alternative } from '../../src/protocol/engine.ts';
import { bits, count, NONE, percent, signedBits } from '../shared/format.ts';
import type { TokenRow } from './rows.ts';

export type ColumnName =
  | 'position'
  | 'token'
  | 'id'
  | 'probability'
  | 'rank'
  | 'bits'
  | 'entropy'
  | 'comparedProbability'
  | 'extraBits'
  | 'rather';

export type Direction = 'ascending' | 'descending';

export interface Column {
  readonly name: ColumnName;
  readonly title: string;
  /** What it says, in a sentence. */
  readonly meaning: string;
  /** In pixels. */
  readonly width: number;
  /** Its share of what room is left. */
  readonly grows?: number;
  readonly numeric: boolean;
  /** The first to go where there is little room has the highest. */
  readonly dispensable: number;
  readonly first: Direction;
  /** What the column is sorted by. */
  readonly value: (row: TokenRow) => number | string | null;
  readonly text: (row: TokenRow) => string;
}

/** As many as a row can show; the token's card has them all. */
const PREFERRED_AT_MOST = 4;

/** What the model found likelier than the token that stands there. */
export const preferred = ({ token }: TokenRow): readonly Alternative[] =>
  (token.top ?? []).slice(0, Math.min(PREFERRED_AT_MOST, (token.rank ?? 1) - 1));

const COLUMNS: readonly Column[] = [
  {
    name: 'position',
    title: '#',
    meaning: 'Position of the token in the text, from 1.',
    width: 42,
    numeric: true,
    dispensable: 0,
    first: 'ascending',
    value: row => row.index,
    text: row => count(row.index + 1),
  },
  {
    name: 'token',
    title: 'token',
    meaning: 'The token as the tokenizer cut it, with its whitespace visible.',
    width: 92,
    grows: 1,
    numeric: false,
    dispensable: 0,
    first: 'ascending',
    value: row => row.label,
    text: row => row.label,
  },
  {
    name: 'id',
    title: 'id',
    meaning: 'Number of the token in the model’s vocabulary.',
    width: 56,
    numeric: true,
    dispensable: 6,
    first: 'ascending',
    value: row => row.token.id,
    text: row => String(row.token.id),
  },
  {
    name: 'probability',
    title: 'p',
    meaning: 'Probability that the model gave this token, after all that stands before it.',
    width: 86,
    numeric: true,
    dispensable: 1,
    first: 'ascending',
    value: row => row.token.probability,
    text: row => percent(row.token.probability),
  },
  {
    name: 'rank',
    title: 'rank',
    meaning: 'Place of this token among all that could have stood here; 1 is the likeliest.',
    width: 62,
    numeric: true,
    dispensable: 2,
    first: 'descending',
    value: row => row.token.rank,
    text: row => (row.token.rank === null ? NONE : count(row.token.rank)),
  },
  {
    name: 'bits',
    title: 'bits',
    meaning: 'Surprisal: −log₂ of the probability. One bit more is half as likely.',
    width: 48,
    numeric: true,
    dispensable: 0,
    first: 'descending',
    value: row => row.token.surprisal,
    text: row => bits(row.token.surprisal),
  },
  {
    name: 'entropy',
    title: 'entropy',
    meaning: 'Surprisal that the model expected here on average, in bits: how open the position was.',
    width: 66,
    numeric: true,
    dispensable: 5,
    first: 'descending',
    value: row => row.token.entropy,
    text: row => bits(row.token.entropy),
  },
  {
    name: 'comparedProbability',
    title: 'p₂',
    meaning: 'Probability that the second model gave this token.',
    width: 86,
    numeric: true,
    dispensable: 4,
    first: 'ascending',
    value: row => row.compared?.probability ?? null,
    text: row => percent(row.compared?.probability ?? null),
  },
  {
    name: 'extraBits',
    title: '± bits',
    meaning: 'How many bits more (+) or fewer (−) the second model is surprised by this token.',
    width: 68,
    numeric: true,
    dispensable: 1,
    first: 'descending',
    value: row => row.extraBits,
    text: row => signedBits(row.extraBits),
  },
  {
    name: 'rather',
    title: 'rather',
    meaning: 'What the model found likelier here, likeliest first. Choose one to put it in the text.',
    width: 120,
    grows: 4,
    numeric: false,
    dispensable: 3,
    first: 'ascending',
    value: row => preferred(row)[0]?.text ?? null,
    text: row =>
      preferred(row)
        .map(({ text, probability }) => `${visibleText(text)} ${percent(probability)}`)
        .join(' '),
  },
];

/** The columns that have room in so many pixels, in their order; what a row then lacks is in the token's card. */
export function columnsFor(widthPixels: number, tokens: number, comparing: boolean): readonly Column[] {
  let columns = COLUMNS.filter(({ name }) => comparing || (name !== 'comparedProbability' && name !== 'extraBits')).map(
    column => (column.name === 'position' ? { ...column, width: positionWidth(tokens) } : column),
  );
  while (columns.reduce((sum, { width }) => sum + width, 0) > widthPixels) {
    const least = columns.reduce((a, b) => (b.dispensable > a.dispensable ? b : a));
    if (least.dispensable === 0) break;
    columns = columns.filter(column => column !== least);
  }
  return columns;
}

/** Room for the last position and the mark of the sort. */
const positionWidth = (tokens: number): number => 26 + 8 * Math.max(2, count(tokens).length);

export interface Sort {
  readonly column: ColumnName;
  readonly direction: Direction;
}

export const IN_ORDER: Sort = { column: 'position', direction: 'ascending' };

/** What choosing a column's title leads to: its first direction, then the other one. */
export function nextSort(sort: Sort, { name, first }: Column): Sort {
  if (sort.column !== name) return { column: name, direction: first };
  return { column: name, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** Rows without a value come last either way; equals stay in the order of the text. */
export function sortedRows(rows: readonly TokenRow[], { column, direction }: Sort): readonly TokenRow[] {
  const value = COLUMNS.find(({ name }) => name === column)?.value;
  if (!value || (column === 'position' && direction === 'ascending')) return rows;
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map(row => ({ row, key: value(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return a.key === b.key ? 0 : sign * (a.key < b.key ? -1 : 1);
    })
    .map(({ row }) => row);
}
