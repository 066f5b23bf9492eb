import { expect, test } from 'vitest';
import { piecesOf } from '../../../webview-ui/shared/generatedPieces.ts';

/** Tokens by their texts; what each adds to the text, and with ✂ what is not part of it. */
test.each([
  ['Hello there', ['Hello', ' there'], ['Hello', ' there']],
  ['Hello', ['Hello', '\n', 'User', ':'], ['Hello', '✂\n', '✂User', '✂:']],
  ['Hi', ['Hi', '<|endoftext|>'], ['Hi', '✂<|endoftext|>']],
  ['a stop', ['a', ' stopped'], ['a', '✂ stopped']],
  ['é!', ['\ufffd', '\ufffd', '!'], ['é', '', '!']],
  ['ok 😀', ['ok', ' \ufffd', '\ufffd'], ['ok', ' 😀', '']],
  ['', [], []],
])('the text %j of %j is made of %j', (text, tokens, expected) => {
  const pieces = piecesOf(
    text,
    tokens.map(text => ({ text })),
  );
  expect(pieces.map(({ text, cut }) => (cut ? `✂${text}` : text))).toEqual(expected);
});
