import type { Span } from './scoredDocument.ts';

/**
 * The texts that a selection stands for. On one line it is one text, as it stands; over several lines each line is a
 * text: blank ones are skipped, and line ends are not text (as `score --per-line` has it).
 */
export function textsOfSelection(text: string, start: number): Span[] {
  let from = start;
  return text
    .split(/(\r\n|\n|\r)/)
    .map((part, i) => {
      const span = { start: from, end: from + part.length };
      from = span.end;
      return { span, text: i % 2 === 0 && part.trim() !== '' };
    })
    .filter(part => part.text)
    .map(part => part.span);
}
