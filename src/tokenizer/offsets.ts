/** UTF-16 offsets into a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Where tokens stand in a text, given how many bytes of its UTF-8 form each one holds. A token that holds part of a
 * character gets the range of the whole character. A lone surrogate counts as U+FFFD: one unit, three bytes.
 * Undefined where the lengths do not add up to the text.
 */
export function tokenRanges(text: string, byteLengths: readonly number[]): Range[] | undefined {
  const ranges: Range[] = [];
  let at = 0; // UTF-16 offset of the character that holds the next byte
  let bytesLeft = utf8Length(text, at); // of that character
  for (const byteLength of byteLengths) {
    const start = at;
    let bytes = byteLength;
    while (bytes > 0 && bytes >= bytesLeft) {
      if (at >= text.length) return undefined;
      bytes -= bytesLeft;
      at += utf16Length(text, at);
      bytesLeft = utf8Length(text, at);
    }
    bytesLeft -= bytes;
    ranges.push({ start, end: bytes === 0 ? at : at + utf16Length(text, at) });
  }
  return at === text.length ? ranges : undefined;
}

/** Bytes of the character at an offset; 0 past the end. */
function utf8Length(text: string, at: number): number {
  const codePoint = text.codePointAt(at);
  if (codePoint === undefined) return 0;
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

const utf16Length = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) < 0x10000 ? 1 : 2);
