import type { Alternative } from '../protocol/engine.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * The K tokens that a model finds likeliest, as text. A model whose vocabulary was padded to a rounder size can name an
 * id that the tokenizer does not have; it shows as `⟨50300⟩`.
 */
export function alternatives(
  tokenizer: Tokenizer,
  ids: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): Alternative[] {
  return Array.from(ids, (id, i) => ({ id, text: textOf(tokenizer, id), probability: probabilities[i] as number }));
}

const textOf = (tokenizer: Tokenizer, id: number): string =>
  id < tokenizer.vocabularySize ? tokenizer.tokenText(id) : `⟨${id}⟩`;
