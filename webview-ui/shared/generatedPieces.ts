import type { GeneratedToken } from '../../src/protocol/generation.ts';

/** What a token adds to the text. */
export interface Piece {
  readonly text: string;
  /** It is not, or not wholly, part of the text: an end token, or what stopped the generation. */
  readonly cut: boolean;
}

const BROKEN = '\ufffd';

/**
 * The generated `text` as its tokens make it. Tokens that split a character show it once, with the first of them; those
 * after the end of the text, which stops before a stop string, keep their own text and are cut.
 */
export function piecesOf(text: string, tokens: readonly Pick<GeneratedToken, 'text'>[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (let from = 0; from < tokens.length; from = pieces.length) {
    const own = tokens[from]?.text ?? '';
    const rest = text.slice(at);
    if (own.includes(BROKEN)) {
      const to = tokens.findIndex((token, index) => index > from && !token.text.includes(BROKEN));
      const shared = to === -1 ? rest : textBefore(tokens[to]?.text ?? '', rest);
      for (let index = from; index < (to === -1 ? tokens.length : to); index++)
        pieces.push({ text: index === from ? shared : '', cut: false });
      at += shared.length;
    } else if (rest.startsWith(own)) {
      pieces.push({ text: own, cut: false });
      at += own.length;
    } else {
      pieces.push({ text: own, cut: true });
      at = text.length;
    }
  }
  return pieces;
}

function textBefore(next: string, rest: string): string {
  const at = rest.indexOf(next, 1);
  return at === -1 ? rest : rest.slice(0, at);
}
