import type { ChatMessage, RenderedChat } from '../../src/protocol/chat.ts';

export type RenderedToken = RenderedChat['tokens'][number];

export interface ShownToken {
  /** Place in what the model gets, from 0. */
  readonly index: number;
  readonly token: RenderedToken;
  /** The part of the text that it adds; empty for the later pieces of a character that several tokens share. */
  readonly shown: string;
}

/** A run of tokens of one message, or of the template's own text. */
export interface Segment {
  readonly message: number | null;
  readonly role: ChatMessage['role'] | null;
  /** `user 2`, where its message begins. */
  readonly label: string | null;
  readonly tokens: readonly ShownToken[];
}

/** What the model gets, turn by turn. `messages` are those that were rendered. */
export function segmentsOf(
  { rendered, tokens }: Pick<RenderedChat, 'rendered' | 'tokens'>,
  messages: readonly ChatMessage[],
): Segment[] {
  const segments: Array<Segment & { tokens: ShownToken[] }> = [];
  const labelled = new Set<number>();
  let shownUpTo = 0;
  for (const [index, token] of tokens.entries()) {
    const shown = rendered.slice(Math.max(token.start, shownUpTo), token.end);
    shownUpTo = Math.max(shownUpTo, token.end);
    const { message } = token;
    let last = segments.at(-1);
    if (!last || last.message !== message) {
      const isFirst = message !== null && !labelled.has(message);
      if (isFirst) labelled.add(message);
      last = {
        message,
        role: message === null ? null : (messages[message]?.role ?? null),
        label: isFirst ? labelOf(messages, message) : null,
        tokens: [],
      };
      segments.push(last);
    }
    last.tokens.push({ index, token, shown });
  }
  return segments;
}

/** The role, numbered among those of its kind; there is one system prompt. */
export function labelOf(messages: readonly ChatMessage[], index: number): string {
  const role = messages[index]?.role ?? 'user';
  if (role === 'system') return 'system';
  return `${role} ${messages.slice(0, index + 1).filter(message => message.role === role).length}`;
}

/** Tokens of each role; null: the template's own. */
export function tokensByRole(segments: readonly Segment[]): ReadonlyMap<Segment['role'], number> {
  const counts = new Map<Segment['role'], number>();
  for (const { role, tokens } of segments) counts.set(role, (counts.get(role) ?? 0) + tokens.length);
  return counts;
}
