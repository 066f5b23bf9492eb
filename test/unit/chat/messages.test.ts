import { expect, test } from 'vitest';
import { chatMessages } from '../../../src/chat/messages.ts';

const user = { role: 'user', content: 'Hello' };

test.each([
  [{ messages: [user] }, 'The messages are an object'],
  ['Hello', 'The messages are “Hello”'],
  [null, 'The messages are null'],
  [[], 'There are no messages.'],
  [[user, 'Hello'], 'messages[1] is “Hello”'],
  [[user, [user]], 'messages[1] is a list'],
  [[user, { content: 'Hello' }], 'messages[1] has no role.'],
  [[{ role: 'tool', content: 'Hello' }], 'messages[0] has the role “tool”.'],
  [[{ role: 'toString', content: 'Hello' }], 'messages[0] has the role “toString”.'],
  [[{ role: 7, content: 'Hello' }], 'messages[0] has the role the number 7.'],
  [[user, { role: 'system', content: 'Be brief.' }], 'messages[1] is a system prompt'],
  [[{ role: 'user' }], 'messages[0] has no content.'],
  [[user, { role: 'assistant', content: null }], 'messages[1] has no content.'],
  [[{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }], 'The content of messages[0] is a list'],
  [[{ role: 'user', content: '' }], 'messages[0] is empty.'],
])('%j is refused: %s', (value, said) => {
  expect(() => chatMessages(value)).toThrow(
    expect.objectContaining({ code: 'messages-invalid', message: expect.stringContaining(said) as string }),
  );
});

test('an empty reply and other fields are no reason to refuse', () => {
  const messages = [{ ...user, name: 'Ada' }, { role: 'assistant', content: '' }, user];
  expect(chatMessages(messages)).toEqual([user, { role: 'assistant', content: '' }, user]);
});
