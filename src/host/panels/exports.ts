import type { PanelText } from '../../protocol/panels/tokenProbabilities.ts';
import type { ScoredText, ScoredToken } from '../../protocol/engine.ts';

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

type Cell = string | number | null;

/** The tokens of one text for a spreadsheet's paste. A line is a row, so line ends and tabs are written `\n`, `\t`. */
export function toTsv({ tokens }: ScoredText): string {
  const written: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  const cell = (value: Cell): string => String(value ?? '').replace(/[\\\t\n\r]/g, found => written[found] ?? found);
  return rows(tokens)
    .map(row => `${row.map(cell).join('\t')}\n`)
    .join('');
}

/** All texts, numbered from 1 in the first column, as RFC 4180 writes them. */
export function toCsv(texts: readonly PanelText[]): string {
  const cell = (value: Cell): string => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const all = texts.flatMap(({ scored }, i) =>
    rows(scored.tokens)
      .slice(i === 0 ? 0 : 1)
      .map((row, r): Cell[] => [i === 0 && r === 0 ? 'text' : i + 1, ...row]),
  );
  return all.map(row => `${row.map(cell).join(',')}\r\n`).join('');
}

/** The document that `score --json` prints, and beside it the second model's where there is one. */
export function toJson(texts: readonly PanelText[]): string {
  const compared = texts.flatMap(text => text.compared ?? []);
  const results = texts.map(text => text.scored);
  return `${JSON.stringify({ results, ...(compared.length > 0 && { compared }) }, null, 2)}\n`;
}

function rows(tokens: readonly ScoredToken[]): Cell[][] {
  return [Object.keys(COLUMNS), ...tokens.map(token => Object.values(COLUMNS).map(value => value(token)))];
}
