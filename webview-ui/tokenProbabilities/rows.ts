import type { ScoredText, ScoredToken } from '../../src/protocol/engine.ts';
import { heatStep, visibleText } from '../../src/protocol/heat.ts';
import type { PanelText } from '../../src/protocol/panels/tokenProbabilities.ts';

/** A token as the page shows it. */
export interface TokenRow {
  readonly index: number;
  readonly token: ScoredToken;
  /** The second model's figures for the same piece of text. */
  readonly compared: ScoredToken | null;
  /** How many bits more the second model is surprised by it. */
  readonly extraBits: number | null;
  /** The part of the text that this token adds; empty for the later pieces of a character that several tokens share. */
  readonly shown: string;
  /** Its text with whitespace visible, such as `·movie`, or `世⟨2/3⟩` for a piece of a character. */
  readonly label: string;
  /** Of the heat scale, from 0. */
  readonly step: number;
}

const cache = new WeakMap<ScoredText, { readonly compared: ScoredText | null; readonly rows: readonly TokenRow[] }>();

/** The rows of a text, made once for its scores. */
export function rowsOf({ scored, compared }: PanelText): readonly TokenRow[] {
  const known = cache.get(scored);
  if (known && known.compared === compared) return known.rows;
  const rows = makeRows(scored, compared);
  cache.set(scored, { compared, rows });
  return rows;
}

function makeRows({ text, tokens }: ScoredText, compared: ScoredText | null): TokenRow[] {
  const partner = alignment(compared?.tokens ?? []);
  const pieces = characterPieces(tokens);
  let shownUpTo = 0;
  return tokens.map((token, index) => {
    const shown = text.slice(Math.max(token.start, shownUpTo), token.end);
    shownUpTo = Math.max(shownUpTo, token.end);
    const other = partner(token);
    return {
      index,
      token,
      compared: other,
      extraBits: other === null ? null : difference(other.surprisal, token.surprisal),
      shown,
      label: visibleText(text.slice(token.start, token.end)) + (pieces[index] ?? ''),
      step: heatStep(token.surprisal),
    };
  });
}

const difference = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);

/** The token of another model that stands at the same place; where several share a character, in their order. */
function alignment(tokens: readonly ScoredToken[]): (token: ScoredToken) => ScoredToken | null {
  const byPlace = new Map<string, ScoredToken[]>();
  for (const token of tokens) {
    const place = placeOf(token);
    byPlace.set(place, [...(byPlace.get(place) ?? []), token]);
  }
  return token => byPlace.get(placeOf(token))?.shift() ?? null;
}

const placeOf = ({ start, end }: ScoredToken): string => `${start}:${end}`;

/** `⟨2/3⟩` for each token of a run that splits a character, else nothing. */
function characterPieces(tokens: readonly ScoredToken[]): string[] {
  const names: string[] = [];
  for (let from = 0, to = 0; from < tokens.length; from = to) {
    let end = tokens[from]?.end ?? 0;
    for (to = from + 1; to < tokens.length && (tokens[to]?.start ?? end) < end; to++) {
      end = Math.max(end, tokens[to]?.end ?? end);
    }
    for (let at = from; at < to; at++) names.push(to - from > 1 ? `⟨${at - from + 1}/${to - from}⟩` : '');
  }
  return names;
}
