import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

/** A prompt with a word, as the model is given it. */
export interface Sequence {
  readonly ids: readonly number[];
  /** Index of the first token whose probability counts; at least 1, as the first token has no context. */
  readonly scoredFrom: number;
}

/** The same, with where its word begins. */
export interface WordSequence extends Sequence {
  readonly wordFrom: number;
}

export interface EncodeOptions {
  /** The word by itself and after the prompt; else both together, as one text. */
  readonly apart: boolean;
  readonly score: 'label' | 'text';
}

/**
 * A prompt with one of several words each. Where prompt and word meet within a token, as " positive" after "Sentiment:"
 * and a space, that token belongs to the word. An empty prompt is `<|endoftext|>`, if the model has it.
 */
export function encodePrompt(
  prompt: string,
  words: readonly string[],
  tokenizer: Tokenizer,
  { apart, score }: EncodeOptions,
): WordSequence[] {
  const before = tokenizer.ids(prompt);
  return words.map(word => {
    const joined = apart ? [...before, ...tokenizer.ids(word)] : tokenizer.ids(prompt + word);
    const promptTokens = apart ? before.length : tokensBefore(prompt, joined, before, tokenizer);
    const start = promptTokens === 0 && tokenizer.endOfText !== null ? [tokenizer.endOfText] : [];
    const wordFrom = start.length + promptTokens;
    return { ids: [...start, ...joined], wordFrom, scoredFrom: score === 'text' ? 1 : Math.max(1, wordFrom) };
  });
}

/** How many of the joined tokens hold nothing of the word. */
function tokensBefore(
  prompt: string,
  joined: readonly number[],
  alone: readonly number[],
  tokenizer: Tokenizer,
): number {
  if (alone.every((id, at) => joined[at] === id)) return alone.length;
  const bytes = Buffer.byteLength(prompt);
  let [count, held] = [0, 0];
  for (const id of joined) {
    held += tokenizer.byteLength(id);
    if (held > bytes) break;
    count += 1;
  }
  return count;
}
