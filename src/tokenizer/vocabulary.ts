import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Refuses a tokenizer with ids that the model has no embedding for. Fewer ids than embeddings are common (padding to a
 * round number), and only tell that some rows are never used: the sentence that says so is returned.
 * `vocabularySize` is config.json's `vocab_size`. Throws `tokenizer-mismatch`.
 */
export function assertVocabulary(
  tokenizer: Pick<Tokenizer, 'vocabularySize'>,
  vocabularySize: number,
  folder: string,
): string | undefined {
  if (tokenizer.vocabularySize > vocabularySize)
    throw new Reasoned(
      'tokenizer-mismatch',
      `The tokenizer in ${folder} has ${tokenizer.vocabularySize} ids, but the model has ${vocabularySize} (vocab_size in config.json).`,
      'Use the tokenizer files that came with this model.',
    );
  if (tokenizer.vocabularySize === vocabularySize) return undefined;
  return `The tokenizer has ${tokenizer.vocabularySize} ids; the model's other ${vocabularySize - tokenizer.vocabularySize} are never made from a text.`;
}
