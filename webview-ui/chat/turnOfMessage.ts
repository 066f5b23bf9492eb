import type { ChatMessage } from '../../src/protocol/chat.ts';
import type { ChatTurn } from '../../src/protocol/panels/chat.ts';

/** The turn that a rendered message is; undefined for the system prompt and for what is being written. */
export function turnOfMessage(
  messages: readonly ChatMessage[],
  turns: readonly ChatTurn[],
  message: number,
): ChatTurn | undefined {
  return turns[messages[0]?.role === 'system' ? message - 1 : message];
}
