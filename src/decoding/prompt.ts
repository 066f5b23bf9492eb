import type { Token } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The tokens that the model is given; for an empty prompt the one that separated texts when GPT-2 was trained. */
export function promptTokens(prompt: string, tokenizer: Tokenizer): Token[] {
  const tokens = tokenizer.encode(prompt);
  return tokens.length > 0 ? tokens : [endOfText(tokenizer)];
}

function endOfText(tokenizer: Tokenizer): Token {
  const id = tokenizer.endOfText;
  if (id !== null) return { id, text: tokenizer.tokenText(id), raw: tokenizer.raw(id), start: 0, end: 0 };
  throw new Reasoned(
    'prompt-empty',
    'The prompt is empty, and this model has no <|endoftext|> to stand for the start of a text.',
    'Write at least one word to go on from.',
  );
}

/** Refuses a prompt that the model cannot take in at once. */
export function requireToFit(tokens: number, contextLength: number): void {
  if (tokens <= contextLength) return;
  throw new Reasoned(
    'prompt-too-long',
    `The prompt has ${tokens} tokens, and the model’s context holds ${contextLength}.`,
    `Shorten it by ${tokens - contextLength} tokens, or use a model with a longer context.`,
  );
}
