import type { ChatPanelMessage, ChatTurn } from '../../src/protocol/panels/chat.ts';

type Stream = Extract<ChatPanelMessage, { type: 'stream' }>;

/** The turns with what came of a reply since. */
export function withStreamed(turns: readonly ChatTurn[], { turn: id, tokens, text }: Stream): ChatTurn[] {
  return turns.map(turn => {
    if (turn.id !== id || !turn.reply) return turn;
    const reply = { ...turn.reply, tokens: [...turn.reply.tokens, ...tokens] };
    return { ...turn, content: turn.content + text, reply };
  });
}
