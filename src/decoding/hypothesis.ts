import type { FinishReason, GeneratedToken, Generation } from '../protocol/generation.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { type GrowingText, grown, stopIn, wholeText } from './text.ts';

/** A text under way: what the model was given and what was chosen since. */
export interface Hypothesis {
  /** Of the prompt and of the tokens. */
  readonly ids: readonly number[];
  readonly tokens: readonly GeneratedToken[];
  /** The model's own, summed over the tokens, in nats. */
  readonly logProbability: number;
  /** Of the tokens. */
  readonly written: GrowingText;
  /** Where in the shared cache the keys and values of the ids are; the last id's are missing until it is evaluated. */
  rows: readonly number[];
}

/** What ends a generation. */
export interface Limits {
  readonly endTokens: readonly number[];
  readonly stop: readonly string[];
  readonly maxNewTokens: number;
  /** Ids that fit; infinite where the window slides. */
  readonly contextLength: number;
}

/** A token with its log-probability by the model itself. */
export interface Choice {
  readonly token: GeneratedToken;
  readonly logProbability: number;
}

/** The hypothesis that goes on with the token, and why it ends there, if it does. */
export function extended(
  { ids, tokens, logProbability, written, rows }: Hypothesis,
  { token, logProbability: ofToken }: Choice,
  limits: Limits,
  tokenizer: Tokenizer,
): { readonly hypothesis: Hypothesis; readonly ending: Ending | null } {
  const isEnd = limits.endTokens.includes(token.id);
  const hypothesis: Hypothesis = {
    ids: [...ids, token.id],
    tokens: [...tokens, token],
    logProbability: logProbability + ofToken,
    written: isEnd ? written : grown(written, token.id, tokenizer),
    rows,
  };
  return { hypothesis, ending: isEnd ? END_OF_TEXT : endingOf(hypothesis, written.text.length, limits) };
}

/** Why a hypothesis ends, and how much of its text stays. */
export interface Ending {
  readonly reason: FinishReason;
  readonly textLength: number;
}

const END_OF_TEXT: Ending = { reason: 'endoftext', textLength: Number.POSITIVE_INFINITY };

function endingOf({ ids, tokens, written }: Hypothesis, known: number, limits: Limits): Ending | null {
  const stop = stopIn(written.text, known, limits.stop);
  if (stop !== -1) return { reason: 'stop', textLength: stop };
  const whole = Number.POSITIVE_INFINITY;
  if (tokens.length >= limits.maxNewTokens) return { reason: 'length', textLength: whole };
  return ids.length > limits.contextLength ? { reason: 'context', textLength: whole } : null;
}

export function generationOf(
  { tokens, logProbability, written }: Hypothesis,
  { reason, textLength }: Ending,
  tokenizer: Tokenizer,
): Generation {
  const text = wholeText(written, tokenizer).slice(0, textLength);
  return { text, finishReason: reason, logProbability, tokens };
}
