import type { MethodName, Role } from '../../src/protocol/run/spec.ts';

export type Roles = Readonly<Partial<Record<Role, string>>>;

const PREFERENCES: readonly Role[] = [
  'prompt',
  'instruction',
  'input',
  'messages',
  'chosen',
  'rejected',
  'responses',
  'scores',
];

/** Dialogues hold the prompt themselves. */
const COMPARED: ReadonlyArray<readonly Role[]> = [['chosen', 'rejected'], ['responses']];

/** What each method can take from a row. */
const TAKEN: Readonly<Record<MethodName, readonly Role[]>> = {
  lm: ['text'],
  sft: ['instruction', 'input', 'output', 'prompt', 'completion', 'messages', 'text', 'label'],
  classification: ['text', 'label'],
  dpo: PREFERENCES,
  reward: PREFERENCES,
  ppo: ['prompt', 'instruction', 'input', 'label'],
};

/** Roles of which each method needs one whole group. */
const NEEDED: Readonly<Record<MethodName, ReadonlyArray<readonly Role[]>>> = {
  lm: [['text']],
  sft: [['instruction', 'output'], ['prompt', 'completion'], ['messages'], ['prompt', 'label'], ['text', 'label']],
  classification: [['text', 'label']],
  dpo: COMPARED,
  reward: COMPARED,
  ppo: [['prompt'], ['instruction']],
};

/** Every role that there is, for a dataset whose method is not known. */
const ALL: readonly Role[] = [...new Set(Object.values(TAKEN).flat())];

export const takenRoles = (method: MethodName | null): readonly Role[] => (method ? TAKEN[method] : ALL);

/** What the method still needs, by the group of which something is there and least is missing; else by the first. */
export function missingRoles(method: MethodName | null, roles: Roles): readonly Role[] {
  if (!method) return [];
  const groups = NEEDED[method];
  const begun = groups.filter(group => group.some(role => roles[role]));
  const missing = (begun.length > 0 ? begun : groups.slice(0, 1)).map(group => group.filter(role => !roles[role]));
  return missing.reduce((least, group) => (group.length < least.length ? group : least));
}

/** The roles that have a column or want one, and those that could be added. */
export function rolesToShow(
  method: MethodName | null,
  roles: Roles,
): { shown: readonly Role[]; others: readonly Role[] } {
  const missing = missingRoles(method, roles);
  const taken = takenRoles(method);
  const shown = taken.filter(role => roles[role] || missing.includes(role));
  return { shown, others: taken.filter(role => !shown.includes(role)) };
}
