import type { DatasetRequest, OpenedDataset } from '../../protocol/dataset.ts';
import type { MethodName, RunRequest } from '../../protocol/run/spec.ts';

/** What can be trained so far, and what for. */
export const METHODS: ReadonlyArray<{ readonly method: MethodName; readonly title: string; readonly meaning: string }> =
  [
    {
      method: 'classification',
      title: 'Classification',
      meaning: 'Tell labels apart: a text in, a label and its probability out',
    },
    {
      method: 'sft',
      title: 'Instruction tuning',
      meaning: 'Answer prompts as the examples do (supervised fine-tuning)',
    },
    { method: 'lm', title: 'Language modelling', meaning: 'Write on as these texts do' },
    {
      method: 'dpo',
      title: 'Preferences (DPO)',
      meaning: 'Answer as the chosen answers do rather than as the rejected ones',
    },
    { method: 'reward', title: 'Reward model', meaning: 'Score answers: a better one higher than a worse one' },
    {
      method: 'ppo',
      title: 'Reward (PPO)',
      meaning: 'Answer prompts so that a reward model, or a rule, scores the answers higher',
    },
  ];

/** The methods with the one that the columns suggest first. */
export function methodsFor(opened: OpenedDataset): typeof METHODS {
  const rank = ({ method }: (typeof METHODS)[number]): number => (method === opened.method ? 0 : 1);
  return [...METHODS].sort((a, b) => rank(a) - rank(b));
}

/** `text ◂ column2, label ◂ column1` */
export const rolesInWords = ({ roles }: Pick<OpenedDataset, 'roles'>): string =>
  Object.entries(roles)
    .map(([role, column]) => (role === column ? role : `${role} ◂ ${column}`))
    .join(', ');

/** A request on a file with nothing but what was chosen: everything else is the default. */
export const firstRequest = (file: string, method: MethodName, model: string): RunRequest => ({
  method,
  model,
  dataset: { file },
});

/** What the Dataset panel has set for a file, as a request to run. */
export function requestOf(dataset: DatasetRequest, method: MethodName): RunRequest {
  return { ...dataset, method };
}
