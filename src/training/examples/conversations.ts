import { chooseTemplate } from '../../chat/chooseTemplate.ts';
import { chatMessages } from '../../chat/messages.ts';
import type { ModelChat } from '../../chat/modelTemplates.ts';
import { compileTemplate } from '../../chat/template.ts';
import type { ChatMessage } from '../../protocol/chat.ts';
import { Reasoned } from '../../protocol/result.ts';

/** A part of a sequence's text. */
export interface Piece {
  readonly text: string;
  readonly part: 'prompt' | 'completion';
}

export interface Conversations {
  /** What the model reads and, of each of the assistant's turns, what it is to write. */
  pieces(messages: unknown): Piece[];
  /** What the model reads before it replies. */
  prompt(messages: unknown): string;
}

/**
 * Conversations rendered by a chat template: null takes the model's own, else plain roles. What a turn of the assistant
 * adds to the rendering of what comes before it, with a generation prompt, is what it is to write; what follows the
 * last of them is left out. Throws `template-unknown`, `messages-invalid`, `template-not-incremental` and the reasons
 * of templates.
 */
export function conversations(template: string | null, model: ModelChat): Conversations {
  const { text, name } = chooseTemplate(template ?? undefined, model);
  const compiled = compileTemplate(text);
  const render = (messages: readonly ChatMessage[], generationPrompt: boolean): string =>
    compiled({
      ...model.specialTokens,
      tools: null,
      documents: null,
      messages,
      add_generation_prompt: generationPrompt,
    });
  return {
    prompt: value => {
      const messages = readMessages(value);
      const last = messages.findLastIndex(({ role }) => role !== 'assistant');
      return render(messages.slice(0, last + 1), true);
    },
    pieces: value => {
      const messages = readMessages(value);
      const pieces: Piece[] = [];
      let rendered = '';
      for (const [index, { role }] of messages.entries()) {
        if (role !== 'assistant') continue;
        const asked = render(messages.slice(0, index), true);
        const answered = render(messages.slice(0, index + 1), false);
        if (!asked.startsWith(rendered) || !answered.startsWith(asked)) throw notIncremental(name, index);
        pieces.push({ text: asked.slice(rendered.length), part: 'prompt' });
        pieces.push({ text: answered.slice(asked.length), part: 'completion' });
        rendered = answered;
      }
      return pieces;
    },
  };
}

const SHARE_GPT_ROLES: Readonly<Record<string, string>> = { human: 'user', gpt: 'assistant', chatgpt: 'assistant' };

/** Messages as {role, content}, or as {from, value}, the form of ShareGPT. */
function readMessages(value: unknown): ChatMessage[] {
  if (!Array.isArray(value)) return chatMessages(value);
  return chatMessages(
    value.map((message: unknown) => {
      const { from, value } = Object(message) as { from?: unknown; value?: unknown };
      return typeof from === 'string' ? { role: SHARE_GPT_ROLES[from] ?? from, content: value } : message;
    }),
  );
}

const notIncremental = (name: string, index: number): Reasoned =>
  new Reasoned(
    'template-not-incremental',
    `The chat template “${name}” renders what comes before messages[${index}] otherwise once it follows, so that what the assistant is to write can’t be told from the rest.`,
    'Choose another dataset.template, such as chatml.',
  );
