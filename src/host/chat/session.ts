import type { ChatMessage, ChatTemplate } from '../../protocol/chat.ts';
import type { ChatSession, ChatTurn } from '../../protocol/panels/chat.ts';

/** As long as nobody wrote one: what a template works on, and how it looks. */
const OWN_TEMPLATE = `{% for message in messages %}
{{ message.role }}: {{ message.content }}
{% endfor %}
{% if add_generation_prompt %}assistant:{% endif %}`;

export const NEW_SESSION: ChatSession = {
  model: null,
  system: '',
  turns: [],
  draft: '',
  template: { kind: 'named', name: null },
  ownTemplate: OWN_TEMPLATE,
  settings: { decoding: 'sample', maxNewTokens: 100, temperature: 0.7, topP: 0.9 },
  stopAtTurn: true,
};

/** What the chat is as messages; a draft of blanks alone is none. */
export function messagesOf({ system, turns, draft }: Pick<ChatSession, 'system' | 'turns' | 'draft'>): ChatMessage[] {
  const beginning: ChatMessage[] = system.trim() === '' ? [] : [{ role: 'system', content: system }];
  const ending: ChatMessage[] = draft.trim() === '' ? [] : [{ role: 'user', content: draft }];
  return [...beginning, ...turns.map(({ role, content }) => ({ role, content })), ...ending];
}

/** The system prompt and the turns of messages that were loaded. */
export function sessionFrom(messages: readonly ChatMessage[]): Pick<ChatSession, 'system' | 'turns'> {
  const system = messages[0]?.role === 'system' ? messages[0].content : '';
  const said = messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }]));
  return { system, turns: said.map((turn, id) => ({ id, ...turn })) };
}

/** What a request names; undefined: the model's own, else plain roles. */
export const templateOf = ({ template, ownTemplate }: ChatSession): ChatTemplate | undefined =>
  template.kind === 'own' ? ownTemplate : (template.name ?? undefined);

export const nextId = (turns: readonly ChatTurn[]): number => Math.max(-1, ...turns.map(({ id }) => id)) + 1;

/** The turns before one; all where there is none of that id. */
export function turnsBefore(turns: readonly ChatTurn[], id: number): readonly ChatTurn[] {
  const at = turns.findIndex(turn => turn.id === id);
  return at === -1 ? turns : turns.slice(0, at);
}

/** The turns that a new reply to, or in place of, this one follows. */
export function turnsForReply(turns: readonly ChatTurn[], id: number): readonly ChatTurn[] {
  const before = turnsBefore(turns, id);
  const turn = turns[before.length];
  return turn?.role === 'user' ? [...before, turn] : before;
}

/** A turn with other words, which are then no longer the model's. */
export function turnsWithEdit(turns: readonly ChatTurn[], id: number, content: string): ChatTurn[] {
  return turns.map(turn => (turn.id === id && turn.content !== content ? { id, role: turn.role, content } : turn));
}
