import type { ScoredText } from '../../protocol/engine.ts';
import type { TokenPlace } from '../../protocol/panels/tokenProbabilities.ts';

/** UTF-16 offsets into a document. */
export interface Span {
  start: number;
  end: number;
}

/** A replacement, as an editor reports it: offsets are those before the change. */
export interface Edit {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** A token where it stands in the document now. */
export interface PlacedToken extends Span, TokenPlace {}

/**
 * Where the scored texts of a document and their tokens stand while it is edited: what lies behind an edit shifts, and
 * tokens on an edited line are dropped, as their figures no longer hold. Knows no editor.
 */
export class ScoredDocument {
  readonly uri: string;
  readonly name: string;
  /** The document is one text: it is scored again as a whole, with what was added at its end. */
  readonly whole: boolean;
  /** Of the texts, in the order in which they are scored. */
  readonly spans: readonly Span[];
  /** Some text changed since it was scored. */
  stale = false;
  #tokens: PlacedToken[] = [];
  #pristine: { readonly text: string; readonly spans: readonly Span[] };
  #texts: readonly ScoredText[] = [];

  constructor(uri: string, name: string, text: string, spans: readonly Span[], whole: boolean) {
    this.uri = uri;
    this.name = name;
    this.whole = whole;
    this.spans = spans.map(span => ({ ...span }));
    this.#pristine = { text, spans };
  }

  /** Tokens whose heat holds, by where they start. */
  get tokens(): readonly PlacedToken[] {
    return this.#tokens;
  }

  get texts(): readonly ScoredText[] {
    return this.#texts;
  }

  /** The scores have come, one a span. Where the document was edited meanwhile they have nowhere to stand. */
  fill(texts: readonly ScoredText[]): void {
    this.#texts = texts;
    if (!this.stale) this.#place();
  }

  /**
   * Follows edits that were made at once. `lineOf` gives the lines, in the document as it is now, that a span touches.
   * Returns whether anything of the texts moved or changed.
   */
  follow(edits: readonly Edit[], lineOf: (span: Span) => Span): boolean {
    const lastFirst = [...edits].sort((a, b) => b.rangeOffset - a.rangeOffset);
    const before = this.spans.map(({ start, end }) => `${start} ${end}`).join();
    for (const edit of lastFirst) this.#shift(edit);
    const lines = placesAfter(lastFirst).map(lineOf);
    this.#tokens = this.#tokens.filter(token => !lines.some(line => token.start < line.end && token.end > line.start));
    return this.stale || before !== this.spans.map(({ start, end }) => `${start} ${end}`).join();
  }

  /** After an undo: where the text is again what was scored, its heat and figures hold again. */
  restore(text: string): boolean {
    if (text !== this.#pristine.text) return false;
    for (const [i, span] of this.#pristine.spans.entries()) Object.assign(this.spans[i] as Span, span);
    this.stale = false;
    this.#place();
    return true;
  }

  /** The document changed unseen, or its scores came too late: nothing holds any more. */
  lose(): void {
    this.stale = true;
    this.#tokens = [];
  }

  /** The token over an offset, or, between two, the one that starts there. */
  tokenAt(offset: number): PlacedToken | undefined {
    const next = this.#firstWithStartOver(offset);
    for (let i = next - 1; i >= 0; i--) {
      const token = this.#tokens[i] as PlacedToken;
      if (offset < token.end) return token;
      if (token.end < offset) return undefined;
    }
    return undefined;
  }

  /** Tokens that start in a span. */
  tokensIn({ start, end }: Span): readonly PlacedToken[] {
    return this.#tokens.slice(this.#firstWithStartOver(start - 1), this.#firstWithStartOver(end - 1));
  }

  /** Where a token stands now; undefined where its line was edited. */
  placed({ text, token }: TokenPlace): PlacedToken | undefined {
    return this.#tokens.find(placed => placed.text === text && placed.token === token);
  }

  #place(): void {
    this.#tokens = this.#texts
      .flatMap(({ tokens }, text) => {
        const from = this.spans[text]?.start ?? 0;
        return tokens.map(({ start, end }, token) => ({ start: from + start, end: from + end, text, token }));
      })
      .sort((a, b) => a.start - b.start);
  }

  #shift({ rangeOffset, rangeLength, text }: Edit): void {
    const end = rangeOffset + rangeLength;
    const by = text.length - rangeLength;
    this.#tokens = this.#tokens.filter(token => token.start >= end || token.end <= rangeOffset);
    for (const token of this.#tokens) {
      if (token.start < end) continue;
      token.start += by;
      token.end += by;
    }
    for (const span of this.spans) {
      if (span.end < rangeOffset) continue;
      if (span.start > end) {
        span.start += by;
        span.end += by;
        continue;
      }
      this.#edited(span, rangeOffset, end, text);
    }
  }

  /** A text that is edited, or written on at one of its ends: a line that is added there does not belong to it. */
  #edited(span: Span, start: number, end: number, text: string): void {
    const by = text.length - (end - start);
    const insertion = start === end;
    if (insertion && start === span.start && start !== span.end) {
      const own = text.length - (text.lastIndexOf('\n') + 1);
      this.stale ||= own > 0;
      span.start += text.length - own;
      span.end += text.length;
      return;
    }
    if (insertion && start === span.end) {
      const line = text.search(/\r?\n/);
      const own = line < 0 ? text.length : line;
      this.stale ||= own > 0;
      span.end += own;
      return;
    }
    this.stale = true;
    span.start = Math.min(span.start, start);
    span.end = Math.max(span.end, end) + by;
  }

  /** Index of the first token that starts after the offset. */
  #firstWithStartOver(offset: number): number {
    let [low, high] = [0, this.#tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tokens[middle] as PlacedToken).start > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Where edits, the last in the document first, stand after all of them. */
function placesAfter(lastFirst: readonly Edit[]): Span[] {
  let by = 0;
  return lastFirst.toReversed().map(({ rangeOffset, rangeLength, text }) => {
    const start = rangeOffset + by;
    by += text.length - rangeLength;
    return { start, end: start + text.length };
  });
}
