import type { ChatMessage } from '../protocol/chat.ts';
import { Reasoned } from '../protocol/result.ts';

const ROLES: readonly string[] = ['system', 'user', 'assistant'];

/**
 * A conversation as JSON files hold it: `[{"role": "user", "content": "Hello"}, …]`; other fields are left out.
 * Throws `messages-invalid`, naming the message's index.
 */
export function chatMessages(value: unknown): ChatMessage[] {
  if (!Array.isArray(value)) throw invalid(`The messages are ${described(value)}, not a list.`, WRITE_A_LIST);
  if (value.length === 0) throw invalid('There are no messages.', WRITE_A_LIST);
  return value.map(chatMessage);
}

function chatMessage(value: unknown, index: number): ChatMessage {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`messages[${index}] is ${described(value)}, not an object.`, WRITE_A_LIST);
  const { role, content } = value as Readonly<Record<string, unknown>>;
  if (!ROLES.includes(role as string))
    throw invalid(
      role === undefined ? `messages[${index}] has no role.` : `messages[${index}] has the role ${described(role)}.`,
      `A role is one of ${ROLES.join(', ')}.`,
    );
  if (role === 'system' && index > 0)
    throw invalid(
      `messages[${index}] is a system prompt, and only the first message may be one.`,
      'Move the system prompt to the beginning.',
    );
  if (content === undefined || content === null)
    throw invalid(`messages[${index}] has no content.`, 'Give every message a content: a text.');
  if (typeof content !== 'string')
    throw invalid(`The content of messages[${index}] is ${described(content)}, not a text.`, 'Write it as one text.');
  if (content === '' && role !== 'assistant')
    throw invalid(`messages[${index}] is empty.`, `Write what the ${role as string} says, or leave the message out.`);
  return { role: role as ChatMessage['role'], content };
}

const WRITE_A_LIST = 'Write a list such as [{"role": "user", "content": "Hello"}].';

function described(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `“${value.length > 40 ? `${value.slice(0, 40)}…` : value}”`;
  return `the ${typeof value} ${String(value)}`;
}

const invalid = (message: string, remedy: string): Reasoned => new Reasoned('messages-invalid', message, remedy);
