import type { Token } from '../protocol/engine.ts';

/** UTF-16 offsets into the rendered text, and the index of the message whose content stands there. */
export interface MessageRange {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

/** Renders the conversation with other contents in place of its own; undefined where the template refuses them. */
export type RenderContents = (contents: readonly string[]) => string | undefined;

/**
 * Where each content stands in the rendered `text`. Found by rendering once more with a character that is used nowhere
 * at both ends of every content: the places are right whatever contents and template hold, as long as both renderings
 * are otherwise the same. Where they are not, because the template looks into a content or trims it, that content is
 * marked by itself and within what is left of it. A content that the template rewrites has no range.
 */
export function messageRanges(contents: readonly string[], text: string, render: RenderContents): MessageRange[] {
  const marks = unusedCharacters(2 * contents.length, [text, ...contents].join(''));
  const marked = (spans: ReadonlyArray<Span | undefined>): MessageRange[] | undefined => {
    const rendering = render(
      contents.map((content, index) => {
        const span = spans[index];
        return span ? withMarks(content, span, marks[2 * index], marks[2 * index + 1]) : content;
      }),
    );
    return rendering === undefined ? undefined : rangesBetween(rendering, text, marks);
  };
  const wholes = contents.map(whole);
  const alone = (index: number, span: Span): MessageRange[] | undefined =>
    marked(contents.map((_, other) => (other === index ? span : undefined)));
  return marked(wholes) ?? contents.flatMap((content, index) => rangesOfOne(content, span => alone(index, span)));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const whole = (content: string): Span => ({ start: 0, end: content.length });
const trimmed = (content: string): Span => ({
  start: content.length - content.trimStart().length,
  end: content.trimEnd().length,
});

function rangesOfOne(content: string, marked: (span: Span) => MessageRange[] | undefined): MessageRange[] {
  const inner = trimmed(content);
  if (inner.start >= inner.end) return [];
  const ranges = marked(whole(content)) ?? marked(inner);
  if (ranges) return ranges;
  // What a template cuts off is most often the beginning, such as the reasoning before `</think>`.
  let [cut, kept] = [inner.start, inner.end];
  while (kept - cut > 1) {
    const middle = (cut + kept) >> 1;
    if (marked({ start: middle, end: inner.end })?.length) kept = middle;
    else cut = middle;
  }
  return marked({ start: kept, end: inner.end }) ?? [];
}

const withMarks = (content: string, { start, end }: Span, open = '', close = ''): string =>
  content.slice(0, start) + open + content.slice(start, end) + close + content.slice(end);

/** The ranges between marks; undefined where the text without them is another, or where one of a pair is missing. */
function rangesBetween(rendering: string, text: string, marks: readonly string[]): MessageRange[] | undefined {
  const ranges: MessageRange[] = [];
  const opened = new Map<number, number>();
  let plain = '';
  for (const unit of rendering.split(new RegExp(`([${marks.join('')}])`))) {
    const mark = marks.indexOf(unit);
    const message = mark >> 1;
    if (mark === -1) plain += unit;
    else if (mark % 2 === 0) opened.set(message, plain.length);
    else {
      const start = opened.get(message);
      if (start === undefined) return undefined;
      opened.delete(message);
      ranges.push({ message, start, end: plain.length });
    }
  }
  return plain === text && opened.size === 0 ? ranges : undefined;
}

/** Of Unicode's private use area. Fewer than were asked for where a text uses nearly all of them. */
function unusedCharacters(count: number, text: string): string[] {
  const used = new Set(text);
  const free: string[] = [];
  for (let code = 0xe000; code <= 0xf8ff && free.length < count; code++) {
    const character = String.fromCharCode(code);
    if (!used.has(character)) free.push(character);
  }
  return free;
}

/** The message that holds most of each token's characters; null for the template's own text. */
export function messagesOfTokens(tokens: readonly Token[], ranges: readonly MessageRange[]): Array<number | null> {
  return tokens.map(token => {
    let most: { message: number | null; characters: number } = { message: null, characters: 0 };
    for (const { message, start, end } of ranges) {
      const characters = Math.min(end, token.end) - Math.max(start, token.start);
      if (characters > most.characters) most = { message, characters };
    }
    return most.message;
  });
}
