/** Several words of a label are divided by this. */
const DIVIDER = '|';

/** As it is typed. */
export const wordsText = (words: string | readonly string[]): string => [words].flat().join(DIVIDER);

/** What is typed for a label; every space counts. */
export function wordsOf(text: string): string | string[] {
  const words = text.split(DIVIDER);
  return words.length === 1 ? text : words;
}
