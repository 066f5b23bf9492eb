import type { ChatMessage } from '../protocol/chat.ts';
import { Reasoned } from '../protocol/result.ts';

/**
 * The indices of the messages that are kept so that `length` (in tokens) of them and the reply's room fit into the
 * context: the system prompt and as many of the last turns, whole, as there is room for. A turn begins with a message
 * of the user. Throws `messages-too-long` where the last turn does not fit.
 */
export function fittingMessages(
  messages: readonly ChatMessage[],
  length: (indices: readonly number[]) => number,
  contextLength: number,
  room: number,
): number[] {
  const all = [...messages.keys()];
  const system = all.filter(index => messages[index]?.role === 'system');
  const turns = all.filter(index => messages[index]?.role === 'user');
  const starts = [system.length, ...turns.filter(index => index > system.length)];
  let tokens = 0;
  for (const start of starts) {
    const kept = [...system, ...all.slice(start)];
    tokens = length(kept);
    if (tokens + room <= contextLength) return kept;
  }
  const what = starts.length > 1 ? 'Even the last turn by itself' : 'The chat';
  throw new Reasoned(
    'messages-too-long',
    `${what} is ${tokens} tokens long, and with ${room} more for the reply that is over the ${contextLength} of the model’s context.`,
    'Shorten the last message or the system prompt, or ask for fewer new tokens.',
  );
}
