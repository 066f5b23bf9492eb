import type { ChatMessage } from '../protocol/chat.ts';

/** Undefined where the template refuses the messages. */
export type RenderProbe = (messages: readonly ChatMessage[], generationPrompt: boolean) => string | undefined;

// Of Unicode's private use area, so that no template's own text is taken for them.
const [FIRST, REPLY, NEXT] = ['\uf8fd', '\uf8fe', '\uf8ff'] as const;

const EXCHANGE: readonly ChatMessage[] = [
  { role: 'user', content: FIRST },
  { role: 'assistant', content: REPLY },
];

/**
 * What stands after a reply in a template that is not among the built-in ones: the end of the turn, and the beginning
 * of the user's next. Empty where the template does not take a plain exchange.
 */
export function turnMarkersOf(render: RenderProbe, endToken: string | undefined): string[] {
  const end = textAfter(render(EXCHANGE, false), REPLY);
  const between = textAfter(render([...EXCHANGE, { role: 'user', content: NEXT }], false), REPLY);
  const endOfTurn = withoutLast(end.trimEnd(), endToken).trim();
  const next = between.split(NEXT, 1).join('').trimEnd();
  // Without an end of its own, a turn is told by how the next begins, line break included: "\nUser:".
  const beginning =
    endOfTurn !== '' && next.trimStart().startsWith(endOfTurn) ? afterFirst(next, endOfTurn).trim() : next;
  return [...new Set([endOfTurn, beginning])].filter(marker => marker.trim() !== '');
}

const textAfter = (text: string | undefined, content: string): string =>
  text?.includes(content) ? afterFirst(text, content) : '';

const afterFirst = (text: string, part: string): string => text.slice(text.indexOf(part) + part.length);

/** Templates may put an end token behind the last turn's own end. */
const withoutLast = (text: string, endToken: string | undefined): string =>
  endToken && text !== endToken && text.endsWith(endToken) ? text.slice(0, -endToken.length) : text;
