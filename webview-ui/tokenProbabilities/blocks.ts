import type { TokenRow } from './rows.ts';

/** A run of rows that is laid out apart from the others, so that only what is in sight need be. */
export interface Block {
  /** First row. */
  readonly from: number;
  /** One after the last row. */
  readonly to: number;
  readonly characters: number;
  /** Lines that the text itself makes. */
  readonly lines: number;
}

/** A block ends with a line as soon as it has so many tokens. */
const ENOUGH = 100;
/** Without a line break in sight it ends before a word, which shows as a break that is not in the text. */
const TOO_MANY = 3000;

export function textBlocks(rows: readonly TokenRow[]): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  let characters = 0;
  let breaks = 0;
  const close = (to: number, lines: number): void => {
    blocks.push({ from, to, characters, lines });
    from = to;
    characters = 0;
    breaks = 0;
  };
  for (const { index, shown } of rows) {
    if (index - from >= TOO_MANY && shown.startsWith(' ')) close(index, breaks + 1);
    characters += shown.length;
    breaks += shown.split('\n').length - 1;
    if (index + 1 - from >= ENOUGH && shown.endsWith('\n')) close(index + 1, breaks);
  }
  if (from < rows.length) close(rows.length, breaks + 1);
  return blocks;
}

/** The block that holds a row: the first one that ends after it. */
export const blockOf = (blocks: readonly Block[], row: number): number => blocks.findIndex(({ to }) => row < to);
