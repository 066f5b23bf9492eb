import type { PanelText } from '../../protocol/panels/tokenProbabilities.ts';
import type { ScoredText, ScoredToken } from '../../protocol/engine.ts';
import { type Cell, csvOf, type Rows, tsvOf } from './tables.ts';

/** One row a token. The names are those of the command line's JSON; surprisal and entropy are in bits. */
const COLUMNS: Record<string, (token: ScoredToken) => string | number | null> = {
  id: token => token.id,
  token: token => token.text,
  start: token => token.start,
  end: token => token.end,
  probability: token => token.probability,
  rank: token => token.rank,
  surprisal: token => token.surprisal,
  entropy: token => token.entropy,
};

/** The tokens of one text for a spreadsheet's paste. */
export const toTsv = ({ tokens }: ScoredText): string => tsvOf(rows(tokens));

/** All texts, numbered from 1 in the first column. */
export function toCsv(texts: readonly PanelText[]): string {
  const all = texts.flatMap(({ scored }, i) =>
    rows(scored.tokens)
      .slice(i === 0 ? 0 : 1)
      .map((row, r): readonly Cell[] => [i === 0 && r === 0 ? 'text' : i + 1, ...row]),
  );
  return csvOf(all);
}

/** The document that `score --json` prints, and beside it the second model's where there is one. */
export function toJson(texts: readonly PanelText[]): string {
  const compared = texts.flatMap(text => text.compared ?? []);
  const results = texts.map(text => text.scored);
  return `${JSON.stringify({ results, ...(compared.length > 0 && { compared }) }, null, 2)}\n`;
}

function rows(tokens: readonly ScoredToken[]): Rows {
  return [Object.keys(COLUMNS), ...tokens.map(token => Object.values(COLUMNS).map(value => value(token)))];
}
