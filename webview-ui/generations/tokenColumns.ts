import { html } from 'lit';
import { heatStep, visibleText } from '../../src/protocol/heat.ts';
import type { BranchToken } from '../../src/protocol/panels/generations.ts';
import { bits, count, percent } from '../shared/format.ts';
import { type Column, positionWidth, type TableRow } from '../shared/gridColumns.ts';

/** A generated token as the table shows it. */
export interface GeneratedRow extends TableRow {
  readonly token: BranchToken;
}

const cache = new WeakMap<readonly BranchToken[], readonly GeneratedRow[]>();

/** Rows of a text's tokens, made once. */
export function generatedRows(tokens: readonly BranchToken[]): readonly GeneratedRow[] {
  const known = cache.get(tokens);
  if (known) return known;
  const rows = tokens.map((token, index) => ({
    index,
    token,
    step: heatStep(-Math.log2(token.probability)),
    label: visibleText(token.text),
  }));
  cache.set(tokens, rows);
  return rows;
}

const numeric = (
  name: string,
  title: string,
  meaning: string,
  width: number,
  dispensable: number,
  first: 'ascending' | 'descending',
  value: (token: BranchToken) => number,
  text: (value: number) => string,
): Column<GeneratedRow> => ({
  name,
  title,
  meaning,
  width,
  numeric: true,
  dispensable,
  first,
  value: ({ token }) => value(token),
  content: ({ token }) => text(value(token)),
});

/** All columns of so many tokens; a narrow table leaves some out, which the token's card has. */
export const generatedColumns = (tokens: number): readonly Column<GeneratedRow>[] => [
  {
    name: 'position',
    title: '#',
    meaning: 'Position of the token in the generated text, from 1.',
    width: positionWidth(tokens),
    numeric: true,
    dispensable: 0,
    first: 'ascending',
    value: row => row.index,
    content: row => count(row.index + 1),
  },
  {
    name: 'token',
    title: 'token',
    meaning: 'The token, with its whitespace visible.',
    width: 80,
    grows: 1,
    numeric: false,
    dispensable: 0,
    first: 'ascending',
    value: row => row.label,
    content: row => html`<span class="token-text heat-${row.step}">${row.label}</span>`,
  },
  numeric('id', 'id', 'Number of the token in the model’s vocabulary.', 54, 4, 'ascending', ({ id }) => id, String),
  numeric(
    'probability',
    'p',
    'The model’s own probability, before penalties, temperature and filters.',
    76,
    0,
    'ascending',
    ({ probability }) => probability,
    percent,
  ),
  numeric(
    'rank',
    'rank',
    'Place among all tokens that could have stood here; 1 is the likeliest.',
    56,
    1,
    'descending',
    ({ rank }) => rank,
    count,
  ),
  numeric(
    'entropy',
    'entropy',
    'How open the position was, in bits.',
    62,
    3,
    'descending',
    ({ entropy }) => entropy,
    bits,
  ),
  numeric(
    'left',
    'left',
    'How many tokens were left to choose from after penalties, temperature and filters.',
    60,
    2,
    'descending',
    ({ left }) => left.tokens,
    count,
  ),
];
