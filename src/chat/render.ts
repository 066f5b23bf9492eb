import type { ChatMessage, ChatTemplate, RenderedChat } from '../protocol/chat.ts';
import { Reasoned } from '../protocol/result.ts';
import { END_OF_TEXT } from '../tokenizer/definition.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { messageRanges, messagesOfTokens } from './attribution.ts';
import { chooseTemplate } from './chooseTemplate.ts';
import { fittingMessages } from './fit.ts';
import { chatMessages } from './messages.ts';
import { readModelChat } from './modelTemplates.ts';
import { compileTemplate } from './template.ts';
import { turnMarkersOf } from './turnMarkers.ts';

export interface ChatModel {
  readonly folder: string;
  readonly tokenizer: Tokenizer;
  /** In tokens. */
  readonly contextLength: number;
}

export interface RenderRequest {
  readonly messages: readonly ChatMessage[];
  readonly template?: ChatTemplate;
  /** Tokens of the context that are left free for the reply. */
  readonly room: number;
}

/** Renders messages, ending with what begins the reply where the last is not the assistant's. */
type Render = (messages: readonly ChatMessage[], generationPrompt?: boolean) => string;

/**
 * Exactly what the model gets: the rendered text and, of it as a whole, the tokens, each with its message. Where it
 * does not fit into the context, the oldest turns are left out.
 * Throws `messages-invalid`, `messages-too-long`, `rendering-empty` and the reasons of templates.
 */
export async function renderChat(
  request: RenderRequest,
  { folder, tokenizer, contextLength }: ChatModel,
): Promise<RenderedChat> {
  const messages = chatMessages(request.messages);
  const own = await readModelChat(folder, tokenizer.endOfText === null ? undefined : END_OF_TEXT);
  const { name, source, text, turnMarkers } = chooseTemplate(request.template, own);
  const render = renderer(text, own.specialTokens);
  const length = (indices: readonly number[]): number => tokenizer.ids(render(at(messages, indices))).length;
  const kept = fittingMessages(messages, length, contextLength, request.room);
  const rendered = render(at(messages, kept));
  if (rendered === '') throw renderingEmpty(name);
  return {
    rendered,
    tokens: attributedTokens(at(messages, kept), kept, rendered, render, tokenizer),
    dropped: [...messages.keys()].filter(index => !kept.includes(index)),
    template: { name, source },
    modelTemplates: [...own.templates.keys()],
    turnMarkers: turnMarkers ?? turnMarkersOf(unlessRefused(render), own.specialTokens['eos_token']),
  };
}

const at = (messages: readonly ChatMessage[], indices: readonly number[]): ChatMessage[] =>
  indices.map(index => messages[index] as ChatMessage);

/** With the variables of transformers' apply_chat_template. */
function renderer(text: string, specialTokens: Readonly<Record<string, string>>): Render {
  const template = compileTemplate(text);
  return (messages, generationPrompt = messages.at(-1)?.role !== 'assistant') => {
    try {
      return template({
        ...specialTokens,
        tools: null,
        documents: null,
        messages,
        add_generation_prompt: generationPrompt,
      });
    } catch (error) {
      throw withRepeatedRole(error, messages);
    }
  };
}

/** What most templates refuse is two messages of one role in a row, and they do not say which. */
function withRepeatedRole(error: unknown, messages: readonly ChatMessage[]): unknown {
  const second = messages.findIndex(({ role }, index) => index > 0 && role === messages[index - 1]?.role);
  if (!(error instanceof Reasoned) || error.code !== 'template-refuses' || second === -1) return error;
  const which = `messages[${second - 1}] and messages[${second}] are both of the role ${messages[second]?.role}`;
  return new Reasoned(error.code, `${error.message} ${sentence(which)}`, error.remedy, { cause: error });
}

const sentence = (text: string): string => `${text}.`;

const unlessRefused =
  (render: Render) =>
  (...args: Parameters<Render>): string | undefined => {
    try {
      return render(...args);
    } catch (error) {
      if (error instanceof Reasoned) return undefined;
      throw error;
    }
  };

function attributedTokens(
  messages: readonly ChatMessage[],
  indices: readonly number[],
  rendered: string,
  render: Render,
  tokenizer: Tokenizer,
): RenderedChat['tokens'] {
  const renderContents = (contents: readonly string[]): string | undefined =>
    unlessRefused(render)(messages.map((message, index) => ({ ...message, content: contents[index] ?? '' })));
  const ranges = messageRanges(
    messages.map(({ content }) => content),
    rendered,
    renderContents,
  );
  const tokens = tokenizer.encode(rendered);
  const owners = messagesOfTokens(tokens, ranges);
  return tokens.map((token, index) => {
    const owner = owners[index] ?? null;
    return {
      ...token,
      special: tokenizer.special(token.id),
      message: owner === null ? null : (indices[owner] ?? null),
    };
  });
}

const renderingEmpty = (name: string): Reasoned =>
  new Reasoned(
    'rendering-empty',
    `The template “${name}” makes no text of these messages, and the model needs at least one token.`,
    'Correct the template, or choose another one.',
  );
