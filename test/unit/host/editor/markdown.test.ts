import { readFileSync } from 'node:fs';
import { marked } from 'marked';
import { expect, test } from 'vitest';
import { bar, commandLink, tokenMarkdown } from '../../../../src/host/editor/markdown.ts';

/** What a reader sees of Markdown: VS Code renders it with the same library. */
const seen = (markdown: string): string =>
  (marked.parse(markdown, { async: false }) as string)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
    .replaceAll('\n', '');

const vocabulary = Object.keys(
  JSON.parse(readFileSync(new URL('../../../../models/starter/tokenizer.json', import.meta.url), 'utf8')).model.vocab,
);

test('every token of GPT-2 that is written in ASCII stands in a cell of a table as it is', () => {
  const tokens = vocabulary.map(raw => raw.replaceAll('Ġ', ' ')).filter(text => /^[ -~]+$/.test(text));
  expect(tokens.length).toBeGreaterThan(49_000);
  for (const token of tokens) {
    const table = `| a | b |\n|---|---|\n| ${tokenMarkdown(token)} | end |`;
    expect(seen(table)).toBe(`ab${token.replaceAll(' ', '·')}end`);
  }
});

test.each([
  ['\n', '⏎'],
  ['\t', '⇥'],
  ['\u0000', '⟨00⟩'],
  ['\u202E', '⟨202E⟩'],
  ['\u200B', '⟨200B⟩'],
  ['\uD800', '⟨D800⟩'],
  ['é漢😀', 'é漢😀'],
  ['\uFFFD', '\uFFFD'],
])('%j is seen as %s', (text, expected) => {
  expect(seen(tokenMarkdown(text))).toBe(expected);
});

test.each(['(', ')', '"', '|', '[x](y)', '`', '\n', '%', '漢'])('a link hands %j on unchanged', text => {
  const html = marked.parse(commandLink('label', 'lmLab.writeToken', { text }, 'Insert'), { async: false }) as string;
  const address = /href="command:lmLab.writeToken\?([^"]*)"/.exec(html)?.[1] ?? '';
  expect(JSON.parse(decodeURIComponent(address))).toEqual([{ text }]);
});

test.each([
  [1, 10],
  [0.5, 5],
  [0.96, 10],
  [0.001, 1],
  [0, 0],
  [1.2, 10],
])('a bar of %d is %d spaces long', (share, spaces) => {
  expect(bar(share, 10).match(/&nbsp;/g) ?? []).toHaveLength(spaces);
});
