import type { ChatMessage } from '../../protocol/chat.ts';
import { err, ok, type Result } from '../../protocol/result.ts';

/**
 * The messages of a JSON file: a list of them, or an object with such a list as `messages`. Whether they are valid
 * messages, the engine says.
 */
export function messagesIn(text: string, name: string): Result<readonly ChatMessage[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return err('messages-not-json', `${name} is not JSON: ${detail}.`, WRITE_A_LIST);
  }
  const messages =
    typeof value === 'object' && value !== null && 'messages' in value && !Array.isArray(value)
      ? value.messages
      : value;
  if (!Array.isArray(messages)) return err('messages-invalid', `${name} holds no list of messages.`, WRITE_A_LIST);
  return ok(messages as readonly ChatMessage[]);
}

const WRITE_A_LIST =
  'Give a list such as [{"role": "user", "content": "Hello"}], or an object that has it as “messages”.';

export const messagesText = (messages: readonly ChatMessage[]): string => `${JSON.stringify(messages, null, 2)}\n`;
