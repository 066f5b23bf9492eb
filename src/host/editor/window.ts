/** A stretch of a document that is sent to the engine, and where it starts there. */
export interface TextWindow {
  readonly text: string;
  readonly start: number;
}

/** English prose has a little more than four characters a GPT-2 token. */
const CHARACTERS_PER_TOKEN = 4;

/** How far behind the position the text is sent: far enough to end the token, and often the paragraph. */
const CHARACTERS_AFTER = 2000;

/**
 * The text around a position that the engine needs to predict it. It starts at a multiple of half the context's
 * length, so that positions near each other share their start, and with it what the engine has computed; at least
 * half the context, and at most all of it, lies before the position. The start moves on to the next line, or word,
 * so that no token is cut; the end is that of the paragraph and one word more, which tells how its line end is cut.
 *
 * @param contextLength in tokens
 * @param offset UTF-16 offset of the position
 */
export function windowAround(document: string, offset: number, contextLength: number): TextWindow {
  const step = Math.max(1, (contextLength * CHARACTERS_PER_TOKEN) / 2);
  const aligned = Math.max(0, (Math.floor(offset / step) - 1) * step);
  const start = aligned === 0 ? 0 : aligned + lead(document.slice(aligned, Math.min(offset, aligned + step / 2)));
  const after = document.slice(offset, endOfCharacter(document, offset + CHARACTERS_AFTER));
  const paragraph = /^[^\n]*(?:\s*\S+)?/.exec(after)?.[0] ?? '';
  return { text: document.slice(start, offset) + paragraph, start };
}

/** Characters up to the start of the next line, else of the next word, else past half a surrogate pair. */
function lead(text: string): number {
  const line = text.indexOf('\n');
  if (line >= 0) return line + 1;
  const word = text.search(/\s/);
  if (word >= 0) return word;
  return isLowSurrogate(text, 0) ? 1 : 0;
}

const endOfCharacter = (text: string, end: number): number => (isLowSurrogate(text, end) ? end + 1 : end);

const isLowSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
