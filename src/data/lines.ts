import { Reasoned } from '../protocol/result.ts';

/** Longer lines and records are refused: a row that fills the memory is a file of another kind. */
export const LONGEST_ROW = 256 * 1024 * 1024;

/**
 * A text's lines in batches, without their ends: \n, \r\n, or \r where a file has no \n. Other separators that Unicode
 * knows stay in the line.
 */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest: string[] = [];
  let restLength = 0;
  let number = 1;
  for await (const piece of pieces) {
    if (!piece.includes('\n')) {
      rest.push(piece);
      restLength += piece.length;
      if (restLength > LONGEST_ROW) throw rowTooLong(number);
      continue;
    }
    const lines = (rest.join('') + piece).split('\n');
    rest = [lines.pop() ?? ''];
    restLength = rest[0]?.length ?? 0;
    number += lines.length;
    yield lines.map(withoutReturn);
  }
  const last = rest.join('');
  if (number === 1 && /\r[^\n]/.test(last)) yield withoutLastEmpty(last.split('\r'));
  else if (last !== '') yield [withoutReturn(last)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

const withoutLastEmpty = (lines: string[]): string[] => (lines.at(-1) === '' ? lines.slice(0, -1) : lines);

export const rowTooLong = (line: number): Reasoned =>
  new Reasoned(
    'row-too-long',
    `The row that starts at line ${line} does not end within ${LONGEST_ROW / 1024 / 1024} MB.`,
    'Check that the file is what its name says, and that every quote that is opened is closed.',
  );
