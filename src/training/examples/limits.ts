import { Reasoned } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Limits } from './cut.ts';
import { methodData } from './rowTexts.ts';

/**
 * To how many tokens a run's sequences are cut: `maxLength`, a padding length that is less, and of prompts that are
 * answered in training what leaves room for the answer.
 * Throws `length-invalid` and `length-over-context`, naming the field.
 */
export function limitsOf(spec: RunSpec, contextLength: number): Limits {
  const { training, method, ppo } = spec;
  const asked = training.maxLength ?? contextLength;
  const padded = typeof training.padding === 'number' ? training.padding : asked;
  requireLength('training.maxLength', asked, contextLength);
  requireLength('training.padding', padded, contextLength);
  if (training.maxPromptLength !== null)
    requireLength('training.maxPromptLength', training.maxPromptLength, contextLength);
  const maxLength = Math.min(asked, padded) - (method === 'ppo' ? ppo.maxNewTokens : 0);
  if (maxLength < 1)
    throw new Reasoned(
      'length-invalid',
      `ppo.maxNewTokens is ${ppo.maxNewTokens}, which leaves no room for a prompt within ${Math.min(asked, padded)} tokens.`,
      'Lower ppo.maxNewTokens, or raise training.maxLength.',
    );
  const { maxPromptLength, tooLong, truncate } = training;
  return { maxLength, maxPromptLength, tooLong, truncate, scored: scoredOf(spec) };
}

export const scoredOf = ({ method, training }: RunSpec): Limits['scored'] =>
  method === 'sft' && !training.completionOnly ? 'all' : methodData[method].scored;

function requireLength(field: string, length: number, contextLength: number): void {
  if (!Number.isInteger(length) || length < 1)
    throw new Reasoned('length-invalid', `${field} is ${length}.`, 'Give a whole number of tokens, 1 or more.');
  if (length > contextLength)
    throw new Reasoned(
      'length-over-context',
      `${field} is ${length}, and the model’s context is ${contextLength} tokens.`,
      `Lower it to ${contextLength} or less.`,
    );
}
