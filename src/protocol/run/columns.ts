import type { OpenedDataset } from '../dataset.ts';
import { found, type RunProblem, told } from './problem.ts';
import type { MethodName, Role, RunRequest } from './spec.ts';

/** Two answers to a prompt, or several in their order. */
const PREFERENCES: ReadonlyArray<readonly Role[]> = [
  ['chosen', 'responses'],
  ['rejected', 'responses'],
];

/** The roles that a method reads, any of each list. */
const NEEDED: Readonly<Record<MethodName, ReadonlyArray<readonly Role[]>>> = {
  lm: [['text', 'completion', 'output', 'messages']],
  sft: [
    ['prompt', 'instruction', 'messages', 'text'],
    ['completion', 'output', 'messages', 'label'],
  ],
  classification: [['text', 'prompt', 'instruction'], ['label']],
  reward: PREFERENCES,
  dpo: PREFERENCES,
  ppo: [['prompt', 'instruction', 'text']],
};

/** Roles that a form offers for a method, those that matter most first. */
export const OFFERED_ROLES: Readonly<Record<MethodName, readonly Role[]>> = {
  lm: ['text'],
  classification: ['text', 'label'],
  sft: ['instruction', 'input', 'output', 'prompt', 'completion', 'messages', 'text', 'label'],
  reward: ['chosen', 'rejected', 'responses', 'scores', 'prompt', 'instruction', 'input'],
  dpo: ['chosen', 'rejected', 'responses', 'scores', 'prompt', 'instruction', 'input'],
  ppo: ['prompt', 'label'],
};

/** What is wrong with the columns of a request, as the file has them: one that is not there, or a role that no column has. */
export function columnProblems(request: RunRequest, opened: OpenedDataset): RunProblem[] {
  const derived = (request.dataset.steps ?? []).flatMap(step => ('derive' in step ? Object.keys(step.derive) : []));
  const columns = [...opened.columns.map(({ name }) => name), ...derived];
  const missing = Object.entries(request.dataset.columns ?? {}).find(([, column]) => !columns.includes(column));
  if (missing) {
    const [role, column] = missing;
    const what = `There is no column "${column}" for the role ${role}.`;
    return [
      told(found('dataset.columns', { [role]: column }, what, `The columns are ${columns.join(', ')}.`, 'column')),
    ];
  }
  const roles = { ...opened.roles, ...request.dataset.columns };
  const absent = NEEDED[request.method].find(some => some.every(role => roles[role] === undefined));
  if (!absent || opened.format === 'txt') return [];
  const what = `The method ${request.method} needs a column for ${absent.join(' or ')}, and none has that role.`;
  const remedy = `Choose one of ${columns.join(', ')} for it, or another method.`;
  return [told(found('dataset.columns', roles, what, remedy, 'column'))];
}
