import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A text that grows by tokens, which may split a character: its last tokens are held until the character is whole. */
export interface GrowingText {
  readonly text: string;
  readonly held: readonly number[];
}

export const NO_TEXT: GrowingText = { text: '', held: [] };

const UNDECODED = '\uFFFD';

/** What comes out is part of the decoded whole; bytes that are no character come out with the next token that ends one. */
export function grown({ text, held }: GrowingText, id: number, tokenizer: Tokenizer): GrowingText {
  const ids = [...held, id];
  const decoded = decode(ids, tokenizer);
  return decoded.endsWith(UNDECODED) ? { text, held: ids } : { text: text + decoded, held: [] };
}

/** All of it, when nothing more comes. */
export const wholeText = ({ text, held }: GrowingText, tokenizer: Tokenizer): string => text + decode(held, tokenizer);

/** Ids of a padded vocabulary, which the tokenizer does not have, are no text. */
const decode = (ids: readonly number[], tokenizer: Tokenizer): string =>
  tokenizer.decode(ids.filter(id => id < tokenizer.vocabularySize));

/** Where the first of the stop strings begins that ends in what came after `known` characters; -1 where none does. */
export function stopIn(text: string, known: number, stops: readonly string[]): number {
  const found = stops.map(stop => text.indexOf(stop, Math.max(0, known - stop.length + 1))).filter(at => at !== -1);
  return found.length > 0 ? Math.min(...found) : -1;
}

/** How much of a text is certain to stay when the rest of it may be the beginning of a stop string. */
export function certainLength(text: string, stops: readonly string[]): number {
  return Math.min(...stops.map(stop => text.length - endThatBegins(text, stop)), text.length);
}

/** Length of the longest end of the text that is a beginning of the stop string. */
function endThatBegins(text: string, stop: string): number {
  let length = Math.min(text.length, stop.length - 1);
  while (length > 0 && !text.endsWith(stop.slice(0, length))) length--;
  return length;
}
