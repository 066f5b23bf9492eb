/** A stretch of a token's text; `mark` is drawn over it and is not part of what is copied. */
export interface Stretch {
  readonly text: string;
  readonly mark?: string;
  /** `over` takes the character's own room, `before` precedes it, `instead` hides it. */
  readonly kind?: 'over' | 'before' | 'instead';
}

const MARKS: Readonly<Record<string, Pick<Stretch, 'mark' | 'kind'>>> = {
  ' ': { mark: '·', kind: 'over' },
  '\u00a0': { mark: '⍽', kind: 'over' },
  '\t': { mark: '⇥', kind: 'over' },
  '\n': { mark: '⏎', kind: 'before' },
  '\r': { mark: '␍', kind: 'instead' },
};

/** Blank characters that readers overlook: all but the single space before a word. */
const OVERLOOKED = /(?<= ) | (?= |$)|[\n\r\t\u00a0\p{Cc}\u200b-\u200f\u2028\u2029\ufeff]/gu;

/** A token's text with its overlooked whitespace and control characters marked. */
export function stretches(text: string): Stretch[] {
  const result: Stretch[] = [];
  let at = 0;
  for (const { 0: blank, index } of text.matchAll(OVERLOOKED)) {
    if (index > at) result.push({ text: text.slice(at, index) });
    result.push({ text: blank, ...(MARKS[blank] ?? { mark: codeMark(blank), kind: 'instead' }) });
    at = index + blank.length;
  }
  if (at < text.length) result.push({ text: text.slice(at) });
  return result;
}

const codeMark = (character: string): string =>
  `⟨${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}⟩`;

/** A text on one line, its line ends and tabs visible. */
export const oneLine = (text: string): string => text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', '⇥');
