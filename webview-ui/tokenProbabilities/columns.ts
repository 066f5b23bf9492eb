import { html, type TemplateResult } from 'lit';
import type { Alternative } from '../../src/protocol/engine.ts';
import { visibleText } from '../../src/protocol/heat.ts';
import { bits, count, NONE, percent, signedBits } from '../shared/format.ts';
import { type Column, positionWidth } from '../shared/gridColumns.ts';
import type { TokenRow } from './rows.ts';

/** Puts another text in place of a token; null while nothing can be replaced. */
export type Replace = ((token: number, text: string) => void) | null;

/** As many as a row can show; the token's card has them all. */
const PREFERRED_AT_MOST = 4;

/** What the model found likelier than the token that stands there. */
export const preferred = ({ token }: TokenRow): readonly Alternative[] =>
  (token.top ?? []).slice(0, Math.min(PREFERRED_AT_MOST, (token.rank ?? 1) - 1));

/** All columns of so many tokens; what a narrow row lacks is in the token's card. */
export function tokenColumns(tokens: number, comparing: boolean, replace: Replace): readonly Column<TokenRow>[] {
  const compared = ['comparedProbability', 'extraBits'];
  return [...COLUMNS, rather(replace)]
    .filter(({ name }) => comparing || !compared.includes(name))
    .map(column => (column.name === 'position' ? { ...column, width: positionWidth(tokens) } : column));
}

const rather = (replace: Replace): Column<TokenRow> => ({
  name: 'rather',
  title: 'rather',
  meaning: 'What the model found likelier here, likeliest first. Choose one to put it in the text.',
  width: 120,
  grows: 4,
  numeric: false,
  dispensable: 3,
  first: 'ascending',
  value: row => preferred(row)[0]?.text ?? null,
  content: row => preferred(row).map(alternative => replacement(row, alternative, replace)),
});

function replacement({ index }: TokenRow, { text, probability }: Alternative, replace: Replace): TemplateResult {
  return html`
    <button
      tabindex="-1"
      ?disabled=${replace === null}
      title=${`Replace with “${visibleText(text)}”`}
      @click=${(event: Event) => {
        event.stopPropagation();
        replace?.(index, text);
      }}
    ><span class="token-text">${visibleText(text)}</span> ${percent(probability)}</button>
  `;
}

const COLUMNS: readonly Column<TokenRow>[] = [
  {
    name: 'position',
    title: '#',
    meaning: 'Position of the token in the text, from 1.',
    width: 42,
    numeric: true,
    dispensable: 0,
    first: 'ascending',
    value: row => row.index,
    content: row => count(row.index + 1),
  },
  {
    name: 'token',
    title: 'token',
    meaning: 'The token as the tokenizer cut it, with its whitespace visible.',
    width: 92,
    grows: 2,
    numeric: false,
    dispensable: 0,
    first: 'ascending',
    value: row => row.label,
    content: row => html`<span class="token-text heat-${row.step}">${row.label}</span>`,
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
    content: row => String(row.token.id),
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
    content: row => percent(row.token.probability),
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
    content: row => (row.token.rank === null ? NONE : count(row.token.rank)),
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
    content: row => bits(row.token.surprisal),
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
    content: row => bits(row.token.entropy),
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
    content: row => percent(row.compared?.probability ?? null),
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
    content: row => signedBits(row.extraBits),
  },
];
