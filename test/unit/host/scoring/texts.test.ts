import { expect, test } from 'vitest';
import { textsOfSelection } from '../../../../src/host/scoring/texts.ts';

test.each([
  ['one line stands as it is', ' a b ', [' a b ']],
  ['lines are texts, blank ones are none', 'a\n\n  \nb\n', ['a', 'b']],
  ['Windows line ends are not text', 'a\r\nb', ['a', 'b']],
  ['blank', ' \t\n', []],
  ['nothing', '', []],
])('%s', (_, selection, texts) => {
  const document = `before${selection}`;
  expect(textsOfSelection(selection, 6).map(({ start, end }) => document.slice(start, end))).toEqual(texts);
});
