import { generate } from '../decoding/generate.ts';
import { requireSettings } from '../decoding/settings.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { ChatAnswer, ChatRequest, RenderedChat } from '../protocol/chat.ts';
import type { Call, ModelEntry } from '../protocol/engine.ts';
import type { DecodingSettings, GenerateRequest, GenerationUpdate } from '../protocol/generation.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { renderChat } from './render.ts';

/** What the model would get, without loading it. Throws the reasons of rendering. */
export async function showChat(
  { room = 0, ...request }: ChatRequest,
  model: Pick<ModelEntry, 'folder' | 'contextLength'> & { readonly tokenizer: Tokenizer },
): Promise<ChatAnswer> {
  const chat = await renderChat({ ...request, room }, model);
  return { ...chat, device: null, reply: null };
}

/** A chat that asks for a reply. */
export type ReplyRequest = ChatRequest & { readonly settings: DecodingSettings };

/** A model in memory, and the folder that it is from. */
export interface AnsweringModel {
  readonly folder: string;
  readonly model: Gpt2;
  readonly tokenizer: Tokenizer;
}

/**
 * Renders the chat with room for the reply and decodes it, telling its tokens on the way: column 0, sample 0.
 * Throws `reply-not-due`, `replies-several` and the reasons of rendering and decoding.
 */
export async function* answerChat(
  request: ReplyRequest,
  { folder, model, tokenizer }: AnsweringModel,
  call: Call,
): AsyncGenerator<GenerationUpdate, ChatAnswer> {
  requireSettings([request.settings]);
  requireReplyDue(request);
  const contextLength = model.config.positions;
  const chat = await renderChat(
    { ...request, room: request.settings.maxNewTokens },
    { folder, tokenizer, contextLength },
  );
  const { device, columns } = yield* generate(model, tokenizer, generateRequest(request, chat), call);
  const { generations = [], seed } = columns[0] ?? {};
  return { ...chat, device, reply: generations[0] ?? null, ...(seed !== undefined && { seed }) };
}

function generateRequest(
  { settings, stopAtTurn = true, ...request }: ReplyRequest,
  chat: RenderedChat,
): GenerateRequest {
  const stop = [...(settings.stop ?? []), ...(stopAtTurn ? chat.turnMarkers : [])];
  return { ...request, prompt: chat.rendered, settings: [stop.length > 0 ? { ...settings, stop } : settings] };
}

function requireReplyDue({ messages, settings }: ReplyRequest): void {
  if (Array.isArray(messages) && messages.at(-1)?.role === 'assistant')
    throw new Reasoned(
      'reply-not-due',
      `messages[${messages.length - 1}] is the assistant’s already, and so there is nothing to reply to.`,
      'End with a message of the user, or only render the chat.',
    );
  const count = 'count' in settings ? settings.count : 'returned' in settings ? settings.returned : 1;
  if ((count ?? 1) > 1)
    throw new Reasoned(
      'replies-several',
      `The settings ask for ${count} texts, and a chat has one reply at a time.`,
      'Leave the count out.',
    );
}
