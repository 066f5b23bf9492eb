import { hasParts } from './backward.ts';
import { trainedBlocks } from './modelSize.ts';
import type { MethodName, RunSpec } from './spec.ts';

/** A field, or all fields below a name, that counts for some requests only. */
interface Effect {
  readonly path: string;
  counts(spec: RunSpec): boolean;
  /** Why it does not, in a sentence. */
  readonly why: string;
  /** It may stand there all the same: what overrides it is part of the request as well. */
  readonly overridden?: true;
}

const of = (path: string, ...methods: readonly MethodName[]): Effect => ({
  path,
  counts: ({ method }) => methods.includes(method),
  why: `It belongs to the method ${methods.join(', ').replace(/, ([^,]*)$/, ' or $1')}.`,
});

const EFFECTS: readonly Effect[] = [
  of('classification.pooling', 'classification'),
  of('classification.hidden', 'classification'),
  of('classification.bias', 'classification'),
  {
    path: 'classification.labels',
    counts: ({ method, ppo }) =>
      method === 'classification' || (method === 'ppo' && ppo.rewardRule !== null && 'label' in ppo.rewardRule),
    why: 'It belongs to the method classification, and to ppo where the label is the reward.',
  },
  of('sft', 'sft'),
  of('dpo', 'dpo'),
  of('reward', 'reward'),
  of('ppo', 'ppo'),
  {
    path: 'dpo.labelSmoothing',
    counts: ({ dpo }) => dpo.loss === 'sigmoid',
    why: 'The loss ipo knows no smoothing.',
  },
  of('training.completionOnly', 'sft'),
  of('training.endToken', 'lm', 'sft', 'dpo'),
  of('training.maxPromptLength', 'sft', 'reward', 'dpo', 'ppo'),
  of('dataset.template', 'sft', 'reward', 'dpo', 'ppo'),
  {
    path: 'training.tooLong',
    counts: ({ method }) => method !== 'lm',
    why: 'For lm texts are joined and cut into pieces, so none is too long.',
  },
  {
    path: 'training.truncate',
    counts: ({ method }) => method !== 'lm',
    why: 'For lm texts are joined and cut into pieces, so none is too long.',
  },
  {
    path: 'training.momentum',
    counts: ({ training }) => training.optimizer === 'sgd',
    why: 'Only the optimizer sgd has momentum.',
  },
  {
    path: 'training.betas',
    counts: ({ training }) => training.optimizer === 'adamw',
    why: 'Only the optimizer adamw has betas.',
  },
  {
    path: 'training.epsilon',
    counts: ({ training }) => training.optimizer === 'adamw',
    why: 'Only the optimizer adamw has an epsilon.',
  },
  {
    path: 'training.backward',
    // A run that onnx began has it written down, and may be gone on with by torch.
    counts: ({ backend }) => backend === 'onnx',
    why: 'It belongs to the backend onnx.',
    overridden: true,
  },
  {
    path: 'training.backward',
    counts: spec => hasParts(spec, trainedBlocks({ layers: Infinity }, spec)),
    why: 'All goes at once where a single block trains, and on a graphics card except for ppo.',
    overridden: true,
  },
  { path: 'torch', counts: ({ backend }) => backend === 'torch', why: 'It belongs to the backend torch.' },
  {
    path: 'torch.mainAddress',
    counts: ({ torch }) => torch.machines > 1,
    why: 'One machine meets nobody.',
    overridden: true,
  },
  {
    path: 'training.epochs',
    counts: ({ training }) => training.maxSteps === null,
    why: 'maxSteps is given and overrides it.',
    overridden: true,
  },
  {
    path: 'training.warmupSteps',
    counts: ({ training }) => training.warmupRatio === null,
    why: 'warmupRatio is given and overrides it.',
    overridden: true,
  },
  {
    path: 'training.decay',
    counts: ({ training }) => training.weightDecay !== 0,
    why: 'weightDecay is 0, so nothing decays.',
    overridden: true,
  },
  {
    path: 'dataset.split.seed',
    counts: ({ dataset: { split, steps } }) =>
      'files' in split || split.shuffle || steps.some(step => 'balance' in step),
    why: 'Nothing is drawn: the split does not shuffle.',
    overridden: true,
  },
];

const covers = ({ path }: Effect, field: string): boolean => field === path || field.startsWith(`${path}.`);

/** Why a field has no effect on this request; undefined where it has one. */
export const whyNoEffect = (field: string, spec: RunSpec): string | undefined =>
  EFFECTS.find(effect => covers(effect, field) && !effect.counts(spec))?.why;

/** The same for what can't be meant: a value that the method, optimizer or backend of the request never looks at. */
export const whyRefused = (field: string, spec: RunSpec): string | undefined =>
  EFFECTS.find(effect => !effect.overridden && covers(effect, field) && !effect.counts(spec))?.why;
