import type { GradientRules } from '../rule.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { layout } from './layout.ts';
import { matrix } from './matrix.ts';
import { normalization } from './normalization.ts';

/** One rule an operator. */
export const GRADIENT_RULES: GradientRules = { ...elementwise, ...indexing, ...layout, ...matrix, ...normalization };
