import type { ScoredText, ScoredToken } from '../../../src/protocol/engine.ts';
import type { PanelText } from '../../../src/protocol/panels/tokenProbabilities.ts';
import { rowsOf, type TokenRow } from '../../../webview-ui/tokenProbabilities/rows.ts';

/** A token's text with its surprisal in bits (null: not scored), or a whole token. */
export type Piece = readonly [text: string, surprisal: number | null] | Partial<ScoredToken>;

/** A scored text whose tokens follow each other; `rank` is 2 to the surprisal, so that it rises with it. */
export function scoredText(pieces: readonly Piece[]): ScoredText {
  let at = 0;
  const tokens = pieces.map((piece, id): ScoredToken => {
    const [text, surprisal] = Array.isArray(piece) ? (piece as [string, number | null]) : [undefined, undefined];
    const given = Array.isArray(piece) ? {} : (piece as Partial<ScoredToken>);
    const start = given.start ?? at;
    const end = given.end ?? start + (given.text ?? text ?? '').length;
    at = end;
    const bits = surprisal ?? null;
    return {
      id,
      text: text ?? '',
      probability: bits === null ? null : 2 ** -bits,
      rank: bits === null ? null : Math.round(2 ** bits),
      surprisal: bits,
      entropy: bits,
      ...given,
      start,
      end,
    };
  });
  const scored = tokens.flatMap(({ surprisal }) => (surprisal === null ? [] : [surprisal]));
  const bits = scored.reduce((sum, value) => sum + value, 0);
  return {
    text: tokens.map(({ text }) => text).join(''),
    perplexity: scored.length === 0 ? null : 2 ** (bits / scored.length),
    negativeLogLikelihood: bits * Math.LN2,
    scoredTokens: scored.length,
    bitsPerByte: scored.length === 0 ? null : bits / Math.max(1, at),
    tokens,
  };
}

export const panelText = (pieces: readonly Piece[], compared: readonly Piece[] | null = null): PanelText => ({
  offset: 0,
  line: 1,
  scored: scoredText(pieces),
  compared: compared && scoredText(compared),
});

export const rowsFor = (pieces: readonly Piece[], compared: readonly Piece[] | null = null): readonly TokenRow[] =>
  rowsOf(panelText(pieces, compared));
