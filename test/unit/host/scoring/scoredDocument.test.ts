import { expect, test } from 'vitest';
import { type Edit, ScoredDocument, type Span } from '../../../../src/host/scoring/scoredDocument.ts';
import type { ScoredText } from '../../../../src/protocol/engine.ts';

// Line 1 "One two" at 0, line 2 "Three four" at 8, line 3 "Five" at 19.
const TEXT = 'One two\nThree four\nFive';
const WORDS = [/\S+/g, / ?\S+/g] as const;

const scored = (text: string): ScoredText => ({
  text,
  perplexity: 1,
  negativeLogLikelihood: 0,
  scoredTokens: 1,
  bitsPerByte: 0,
  tokens: [...text.matchAll(WORDS[1])].map(({ 0: word, index }, id) => ({
    id,
    text: word,
    start: index,
    end: index + word.length,
    probability: null,
    rank: null,
    surprisal: null,
    entropy: null,
  })),
});

/** A document whose lines are scored, and how it reads as it is edited. */
function linewise(): { document: ScoredDocument; edit: (...edits: Edit[]) => string } {
  let text = TEXT;
  const spans = [...TEXT.matchAll(/.+/g)].map(({ 0: line, index }) => ({ start: index, end: index + line.length }));
  const document = new ScoredDocument('file:///a.txt', 'a.txt', TEXT, spans, false);
  document.fill(spans.map(({ start, end }) => scored(TEXT.slice(start, end))));
  const edit = (...edits: Edit[]): string => {
    for (const { rangeOffset, rangeLength, text: inserted } of [...edits].sort((a, b) => b.rangeOffset - a.rangeOffset))
      text = text.slice(0, rangeOffset) + inserted + text.slice(rangeOffset + rangeLength);
    const lineOf = ({ start, end }: Span): Span => {
      const next = text.indexOf('\n', end);
      return { start: text.lastIndexOf('\n', start - 1) + 1, end: next < 0 ? text.length : next };
    };
    document.follow(edits, lineOf);
    return text;
  };
  return { document, edit };
}

const at = (rangeOffset: number, rangeLength: number, text: string): Edit => ({ rangeOffset, rangeLength, text });

test.each([
  ['typing in a word', [at(1, 0, 'x')], ['Three', ' four', 'Five'], true, ['Oxne two', 'Three four', 'Five']],
  [
    'typing on at the end of a line',
    [at(7, 0, '!')],
    ['Three', ' four', 'Five'],
    true,
    ['One two!', 'Three four', 'Five'],
  ],
  [
    'a line before all',
    [at(0, 0, 'Zero\n')],
    [' two', 'Three', ' four', 'Five'].toSpliced(0, 1),
    false,
    ['One two', 'Three four', 'Five'],
  ],
  ['a line between', [at(7, 0, '\nNew')], ['Three', ' four', 'Five'], false, ['One two', 'Three four', 'Five']],
  ['deleting a line', [at(8, 11, '')], ['One', ' two'], true, ['One two', '', 'Five']],
  ['two cursors', [at(0, 0, 'a'), at(19, 4, 'Six')], ['Three', ' four'], true, ['aOne two', 'Three four', 'Six']],
])('%s: heat stays on lines that were not edited, and texts follow', (_, edits, held, stale, texts) => {
  const { document, edit } = linewise();
  const text = edit(...edits);
  expect(document.tokens.map(({ start, end }) => text.slice(start, end))).toEqual(held);
  expect(document.stale).toBe(stale);
  expect(document.spans.map(({ start, end }) => text.slice(start, end))).toEqual(texts);
});

test('after an undo to the text that was scored, its heat stands again', () => {
  const { document, edit } = linewise();
  const before = document.tokens.map(token => ({ ...token }));
  edit(at(8, 5, 'Two'));
  expect(document.restore('something else')).toBe(false);
  expect(document.restore(TEXT)).toBe(true);
  expect(document.tokens).toEqual(before);
  expect(document.stale).toBe(false);
});

test('scores that come after an edit have nowhere to stand, and those of an untouched text do', () => {
  const spans = [{ start: 0, end: 7 }];
  const touched = new ScoredDocument('u', 'n', TEXT, spans, false);
  touched.follow([at(0, 1, 'o')], () => spans[0] as Span);
  touched.fill([scored('One two')]);
  expect([touched.tokens, touched.stale]).toEqual([[], true]);

  const moved = new ScoredDocument('u', 'n', TEXT, spans, false);
  moved.follow([at(19, 0, 'x')], () => ({ start: 19, end: 24 }));
  moved.fill([scored('One two')]);
  expect(moved.tokens.map(({ start, end }) => [start, end])).toEqual([
    [0, 3],
    [3, 7],
  ]);
});

test.each([
  [0, 0],
  [2, 0],
  [3, 1],
  [6, 1],
  [7, undefined],
  [8, 0],
  [22, 0],
  [23, undefined],
])('over offset %i stands token %s of its text', (offset, token) => {
  expect(linewise().document.tokenAt(offset)?.token).toBe(token);
});
