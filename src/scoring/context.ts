import type { NextRequest, Token } from '../protocol/engine.ts';

/** The tokens before a position, as many as may be used, and the one that stands there. */
export interface Context {
  readonly tokens: readonly Token[];
  /** UTF-16 offset at which the predicted token starts. */
  readonly position: number;
  /** Null at the end of the text. */
  readonly actual: Token | null;
  /** What follows in the same window: worth reading ahead, since the next question is likely about it. */
  readonly following: readonly Token[];
}

/** Finds the context that a request asks about. `encode` is the tokenizer's, `longest` the most tokens there may be. */
export function contextOf(
  { text, offset }: Pick<NextRequest, 'text' | 'offset'>,
  encode: (text: string) => Token[],
  longest: number,
): Context {
  if (offset === undefined) {
    const tokens = encode(text);
    const start = Math.max(0, tokens.length - longest);
    return { tokens: tokens.slice(start), position: text.length, actual: null, following: [] };
  }
  // A space that was just typed belongs to the token that is asked for.
  const written = text.endsWith(' ') ? text.slice(0, -1) : text;
  const tokens = encode(written);
  const found = tokens.findIndex(({ end }) => end > offset);
  const at = found === -1 ? tokens.length : found;
  const actual = tokens[at] ?? null;
  const start = windowStart(at, longest);
  return {
    tokens: tokens.slice(start, at),
    position: actual?.start ?? written.length,
    actual,
    following: tokens.slice(at, start + longest),
  };
}

/**
 * Where the context of `count` preceding tokens starts when only `longest` fit. Starts are half a context apart, so
 * that neighbouring positions share what was read, and each still has at least half of it.
 */
function windowStart(count: number, longest: number): number {
  if (count <= longest) return 0;
  const step = Math.max(1, Math.floor(longest / 2));
  return Math.ceil((count - longest) / step) * step;
}
