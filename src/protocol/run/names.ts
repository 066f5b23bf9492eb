import type { Part, Role } from './spec.ts';

// What the names of run.json's open places may be, as values: types alone can't be looked through.

export const ROLES: readonly string[] = [
  'text',
  'label',
  'prompt',
  'completion',
  'instruction',
  'input',
  'output',
  'messages',
  'chosen',
  'rejected',
  'responses',
  'scores',
] satisfies Role[];

export const PARTS: readonly Part[] = ['train', 'validation', 'test'];

export const DATASET_STEPS: readonly string[] = ['filter', 'derive', 'balance', 'take'];
