import { expect, test } from 'vitest';
import { messageRanges, messagesOfTokens, type RenderContents } from '../../../src/chat/attribution.ts';

const rangesOf = (contents: readonly string[], render: RenderContents): Array<readonly [number, string, number]> => {
  const text = render(contents) ?? '';
  return messageRanges(contents, text, render).map(({ message, start, end }) => [
    message,
    text.slice(start, end),
    start,
  ]);
};

const lines: RenderContents = contents => contents.map(content => `User: ${content}\n`).join('');
const trimming: RenderContents = contents => contents.map(content => `\n${content.trim()}\n`).join('');
const withoutReasoning: RenderContents = contents =>
  contents.map(content => `<think>\n\n</think>\n\n${content.split('</think>').at(-1)?.trimStart()}!`).join('');
const strict: RenderContents = contents =>
  contents.every(content => content.startsWith('a')) ? contents.join('|') : undefined;

// Places counted by hand.
test.each<readonly [string, readonly string[], RenderContents, ReadonlyArray<readonly [number, string, number]>]>([
  [
    'in order',
    ['a', 'b'],
    lines,
    [
      [0, 'a', 6],
      [1, 'b', 14],
    ],
  ],
  [
    'contents that are template text',
    ['User: ', 'User'],
    lines,
    [
      [0, 'User: ', 6],
      [1, 'User', 19],
    ],
  ],
  [
    'contents that hold each other',
    ['aa', 'a', 'aaa'],
    contents => contents.toReversed().join(''),
    [
      [2, 'aaa', 0],
      [1, 'a', 3],
      [0, 'aa', 4],
    ],
  ],
  [
    'a content used twice',
    ['a', 'b'],
    ([a, b]) => `${a} ${b} ${a}`,
    [
      [0, 'a', 0],
      [1, 'b', 2],
      [0, 'a', 4],
    ],
  ],
  ['a content left out', ['a', 'b'], ([, b]) => `a ${b}`, [[1, 'b', 2]]],
  [
    'trimmed contents',
    ['\n a b \n', 'a'],
    trimming,
    [
      [0, 'a b', 1],
      [1, 'a', 6],
    ],
  ],
  ['nothing but white space', ['  ', 'a'], trimming, [[1, 'a', 3]]],
  [
    'a beginning that is cut off',
    ['<think>\nso\n</think>\n\nSo it is', 'a'],
    withoutReasoning,
    [
      [0, 'So it is', 19],
      [1, 'a', 47],
    ],
  ],
  [
    'a template that looks at beginnings',
    ['ab', 'ac'],
    strict,
    [
      [0, 'b', 1],
      [1, 'c', 4],
    ],
  ],
  ['a content that is rewritten', ['ab', 'c'], ([a, c]) => `${a?.length === 2 ? 'two' : 'other'} ${c}`, [[1, 'c', 4]]],
  [
    'contents of private characters',
    ['\ue000', '\ue001'],
    lines,
    [
      [0, '\ue000', 6],
      [1, '\ue001', 14],
    ],
  ],
])('%s', (_, contents, render, expected) => {
  expect(rangesOf(contents, render)).toEqual(expected);
});

test('a token belongs to the message that holds most of it', () => {
  const tokens = [
    [0, 4],
    [4, 6],
    [6, 9],
    [9, 11],
    [11, 12],
  ].map(([start = 0, end = 0]) => ({ id: 0, text: '', raw: '', start, end }));
  const ranges = [
    { message: 0, start: 5, end: 7 },
    { message: 2, start: 7, end: 10 },
  ];
  expect(messagesOfTokens(tokens, ranges)).toEqual([null, 0, 2, 2, null]);
});
