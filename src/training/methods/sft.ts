import type { Method } from './method.ts';
import { scoredTokens } from './scoredTokens.ts';

/** Supervised fine-tuning: prompts with completions; with label words, also a classifier by the likelihood of the words. */
export const sft: Method = { name: 'sft', ...scoredTokens };
