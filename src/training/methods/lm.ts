import type { Method } from './method.ts';
import { scoredTokens } from './scoredTokens.ts';

/** Language modelling: texts packed into pieces, all of whose tokens but the first are scored. */
export const lm: Method = { name: 'lm', ...scoredTokens };
