import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { RowTexts } from './rowTexts.ts';

export type TokenPart = 'prompt' | 'completion' | 'end';

/** Consecutive tokens of one part. */
export interface Span {
  readonly part: TokenPart;
  readonly length: number;
}

export interface EncodedSequence {
  readonly name?: string;
  readonly ids: readonly number[];
  /** They cover the ids. */
  readonly spans: readonly Span[];
}

export interface EncodedRow {
  readonly sequences: readonly EncodedSequence[];
  readonly label?: string;
}

/** Pieces encoded apart and joined; with `end` an end of text, which is scored, stands last. */
export function encodeRow({ sequences, ...rest }: RowTexts, tokenizer: Tokenizer, end: boolean): EncodedRow {
  return {
    ...rest,
    sequences: sequences.map(({ name, pieces }) => {
      const ids: number[] = [];
      const spans: Span[] = [];
      for (const { text, part } of pieces) {
        const encoded = text === '' ? [] : tokenizer.ids(text);
        for (const id of encoded) ids.push(id);
        if (encoded.length > 0) spans.push({ part, length: encoded.length });
      }
      if (end && tokenizer.endOfText !== null) {
        ids.push(tokenizer.endOfText);
        spans.push({ part: 'end', length: 1 });
      }
      return name === undefined ? { ids, spans } : { name, ids, spans };
    }),
  };
}

/** Tokens before the first that are to be written. */
export function promptLength({ spans }: EncodedSequence): number {
  let length = 0;
  for (const span of spans) {
    if (span.part !== 'prompt') break;
    length += span.length;
  }
  return length;
}

/** What is a target of the loss: of a completion (with its end), or all; never the first token. */
export function scoredTokens({ ids, spans }: EncodedSequence, scored: 'completion' | 'all' | 'none'): Uint8Array {
  const flags = new Uint8Array(ids.length);
  let at = 0;
  for (const { part, length } of spans) {
    if (scored === 'all' || (scored === 'completion' && part !== 'prompt')) flags.fill(1, at, at + length);
    at += length;
  }
  flags[0] = 0;
  return flags;
}
