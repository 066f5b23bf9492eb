import { expect, test } from 'vitest';
import { messagesIn, messagesText } from '../../../../src/host/chat/messagesFile.ts';
import { messagesOf, sessionFrom } from '../../../../src/host/chat/session.ts';
import type { ChatMessage } from '../../../../src/protocol/chat.ts';

const messages: ChatMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello, “you”\n' },
  { role: 'assistant', content: ' Hi.' },
];

test('messages that were loaded are saved as they were', () => {
  const session = { ...sessionFrom(messages), draft: '' };
  expect(session.system).toBe('Be brief.');
  expect(messagesOf(session)).toEqual(messages);
  expect(messagesIn(messagesText(messagesOf(session)), 'a.json')).toEqual({ ok: true, value: messages });
});

test.each([
  ['a draft is the last message', { system: '', turns: [], draft: 'Hi' }, ['user']],
  ['blanks alone are none', { system: ' \n', turns: [], draft: ' ' }, []],
])('%s', (_, session, roles) => {
  expect(messagesOf(session).map(({ role }) => role)).toEqual(roles);
});

test.each([
  ['{"messages": [{"role": "user", "content": "a"}], "id": 3}', undefined],
  ['[', 'messages-not-json'],
  ['{"role": "user"}', 'messages-invalid'],
  ['"hello"', 'messages-invalid'],
  ['null', 'messages-invalid'],
])('%s is read, or refused as %s', (text, code) => {
  const read = messagesIn(text, 'a.json');
  expect(read.ok ? undefined : read.error.code).toBe(code);
});
