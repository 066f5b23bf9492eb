import { expect, test } from 'vitest';
import type { ChatMessage } from '../../../src/protocol/chat.ts';
import { type RenderedToken, segmentsOf, tokensByRole } from '../../../webview-ui/chat/segments.ts';
import { withStreamed } from '../../../webview-ui/chat/streamed.ts';
import { turnOfMessage } from '../../../webview-ui/chat/turnOfMessage.ts';

const messages: ChatMessage[] = [
  { role: 'system', content: 'S' },
  { role: 'user', content: 'é' },
  { role: 'assistant', content: 'A' },
  { role: 'user', content: 'B' },
];

/** Tokens of the rendered text, by their places and messages. */
const tokens = (...spans: Array<[start: number, end: number, message: number | null]>): RenderedToken[] =>
  spans.map(([start, end, message], id) => ({ id, text: '', raw: '', start, end, special: false, message }));

const rendered = 'S User:é A User:B';
const all = tokens(
  [0, 1, 0],
  [1, 6, null],
  [6, 7, null],
  [7, 8, 1],
  [7, 8, 1],
  [8, 9, null],
  [9, 10, 2],
  [10, 16, null],
  [16, 17, 3],
);

test('the text falls into runs of a message or of the template, named where a message begins', () => {
  const segments = segmentsOf({ rendered, tokens: all }, messages);
  expect(segments.map(({ role, label, tokens }) => [role, label, tokens.map(({ shown }) => shown)])).toEqual([
    ['system', 'system', ['S']],
    [null, null, [' User', ':']],
    ['user', 'user 1', ['é', '']], // two tokens that share a character
    [null, null, [' ']],
    ['assistant', 'assistant 1', ['A']],
    [null, null, [' User:']],
    ['user', 'user 2', ['B']],
  ]);
  expect(segments.flatMap(({ tokens }) => tokens.map(({ shown }) => shown)).join('')).toBe(rendered);
  expect(Object.fromEntries(tokensByRole(segments))).toEqual({ system: 1, null: 4, user: 3, assistant: 1 });
});

test('a rendered message leads to its turn; the system prompt and the draft to none', () => {
  const turns = [
    { id: 7, role: 'user', content: 'é' },
    { id: 9, role: 'assistant', content: 'A' },
  ] as const;
  expect([0, 1, 2, 3].map(message => turnOfMessage(messages, turns, message)?.id)).toEqual([
    undefined,
    7,
    9,
    undefined,
  ]);
});

test('what streams in goes to its turn and to no other', () => {
  const reply = { tokens: [], ending: 'running', model: 'starter' } as const;
  const turns = [
    { id: 1, role: 'user', content: 'a' },
    { id: 2, role: 'assistant', content: 'b', reply },
  ] as const;
  const streamed = withStreamed(turns, { type: 'stream', turn: 2, tokens: [], text: 'c' });
  expect(streamed.map(({ content }) => content)).toEqual(['a', 'bc']);
});
