import type { EngineApi, ModelChoice } from '../../protocol/engine.ts';
import { ok, type Result } from '../../protocol/result.ts';

/** More characters than this many a token are rare: what is sent to be cut need not be longer. */
const CHARACTERS_PER_TOKEN = 8;

export interface ContinuationPrompt {
  readonly prompt: string;
  /** A space that stands at the end of the text already, and that the first token would bring again. */
  readonly space: boolean;
}

/**
 * What a model is given to write on after a text: its end, as long as leaves room for the tokens to come. A single space
 * at the end is left to the first token, which brings its own.
 */
export async function continuationPrompt(
  engine: EngineApi,
  { choice, contextLength }: { readonly choice: ModelChoice; readonly contextLength: number },
  before: string,
  newTokens: number,
): Promise<Result<ContinuationPrompt>> {
  const room = Math.max(1, contextLength - newTokens);
  const space = /\S $/.test(before);
  const text = before.slice(-room * CHARACTERS_PER_TOKEN, space ? -1 : undefined);
  const tokens = await engine.tokenize({ model: choice.model, text });
  if (!tokens.ok) return tokens;
  const first = tokens.value.at(-room);
  return ok({ prompt: first ? text.slice(first.start) : text, space });
}

/** What is written of the text that a model made: not the space that stands there already. */
export const withoutSpace = (text: string, space: boolean): string =>
  space && text.startsWith(' ') ? text.slice(1) : text;
