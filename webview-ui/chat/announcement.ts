import type { ChatSnapshot } from '../../src/protocol/panels/chat.ts';

/**
 * What a screen reader is told when the page changes: that a reply begins, and the reply when it has ended; never the
 * tokens between. Failures are alerts of their own. Null: nothing worth a word.
 */
export function announcement(before: ChatSnapshot | null, now: ChatSnapshot): string | null {
  const wasReplying = before?.state.kind === 'replying';
  if (now.state.kind === 'replying') return wasReplying ? null : 'The model replies.';
  const last = now.turns.at(-1);
  if (!wasReplying || now.state.kind !== 'idle') return null;
  return last?.role === 'assistant' ? `Reply: ${last.content}` : 'The reply was stopped.';
}
