import type { GradientRules } from '../rule.ts';

export const indexing: GradientRules = {
  Gather: ({ grad, inputs: [, ids] }) => [() => ({ ids, rows: grad }), null],
};
