import { metricsOf } from './evaluated.ts';
import { patternProblem } from '../pattern.ts';
import { type Found, found } from './problem.ts';
import type { RunSpec } from './spec.ts';
import { torchContradictions } from './torchCombinations.ts';

/** How far the shares of a split may be from 1: what decimal fractions lose as binary ones, and no more. */
const SHARES_TOLERANCE = 1e-6;

type Check = (spec: RunSpec) => ReadonlyArray<Found | false | undefined>;

/** What is wrong with fields that are right each by itself. */
const CHECKS: readonly Check[] = [
  spec => (spec.backend === 'torch' ? torchContradictions(spec) : []),
  ({ dataset: { split } }) => {
    if ('files' in split) return [];
    const sum = split.train + split.validation + split.test;
    return [
      Math.abs(sum - 1) > SHARES_TOLERANCE &&
        found('dataset.split', shares(split), `The shares add up to ${rounded(sum)}.`, 'They must add up to 1.'),
      split.train === 0 && found('dataset.split.train', 0, 'Nothing would be left to learn from.', TRAIN_SHARE),
    ];
  },
  ({ training: { maxLength, maxPromptLength } }) => [
    maxLength !== null &&
      maxPromptLength !== null &&
      maxPromptLength >= maxLength &&
      found(
        'training.maxPromptLength',
        maxPromptLength,
        `maxLength is ${maxLength}, so a prompt of that length would leave no room for a completion.`,
        'Give a smaller one, or a larger maxLength.',
      ),
  ],
  ({ training: { maxLength, padding } }) => [
    maxLength !== null &&
      typeof padding === 'number' &&
      padding < maxLength &&
      found(
        'training.padding',
        padding,
        `maxLength is ${maxLength}, and sequences of that length can't be filled up to ${padding} tokens.`,
        `Give ${maxLength} or more, or the smaller number as maxLength too.`,
      ),
  ],
  spec => {
    const { keepBest, patience } = spec.training;
    const metrics = metricsOf(spec);
    const watched = keepBest !== null ? 'training.keepBest' : patience !== null ? 'training.patience' : undefined;
    return [
      keepBest !== null &&
        !metrics.includes(keepBest) &&
        found(
          'training.keepBest',
          keepBest,
          `The method ${spec.method} has no such figure at its evaluations.`,
          `It must be one of ${metrics.join(', ')}.`,
        ),
      watched !== undefined &&
        withoutValidation(spec) &&
        found(
          watched,
          keepBest ?? patience,
          'There are no validation rows to see by which model is the best.',
          'Give dataset.split.validation a share above 0, or dataset.split.files a file for it.',
        ),
    ];
  },
  ({ initialize, trainable }) => [
    initialize === 'random' &&
      !('layers' in trainable && trainable.layers === 'all') &&
      found(
        'initialize',
        'random',
        'Weights that start at random would stay as they are where trainable leaves them out.',
        'Start from weights, or set trainable to {"layers": "all"}.',
      ),
  ],
  ({ precision, device }) => [
    precision !== 'f32' &&
      !/^(auto|cuda(:\d+)?)$/.test(device) &&
      found('precision', precision, `Half precision is for CUDA only, and device is ${device}.`, 'Use f32.'),
  ],
  ({ method, sft, dataset }) => [
    method === 'sft' &&
      sft.labelWords !== null &&
      dataset.columns.label === undefined &&
      (dataset.columns.completion !== undefined || dataset.columns.output !== undefined) &&
      found(
        'sft.labelWords',
        sft.labelWords,
        'The words take the place of labels, and dataset.columns names a column of completions instead of one of labels.',
        'Leave labelWords out, or name a label column.',
      ),
  ],
  ({ method, ppo, training, trainable }) => {
    if (method !== 'ppo') return [];
    const dropouts = { 'training.dropout': training.dropout, ...loraDropout(trainable) };
    const dropped = Object.entries(dropouts).find(([, rate]) => rate > 0);
    return [
      (ppo.rewardModel === null) === (ppo.rewardRule === null) &&
        found(
          'ppo.rewardModel',
          ppo.rewardModel,
          ppo.rewardModel === null
            ? 'There must be a reward model or a reward rule.'
            : 'There are a reward model and a reward rule.',
          'Give exactly one of them.',
        ),
      ppo.rewardRule !== null && 'regex' in ppo.rewardRule && invalidPattern(ppo.rewardRule.regex),
      dropped &&
        found(
          ...dropped,
          'The new policy is compared with the one that wrote, and dropout would set them apart.',
          'Set it to 0.',
        ),
    ];
  },
];

const TRAIN_SHARE = 'Give train a share above 0, such as 0.85.';

/** The contradictions within a request whose fields are right each by itself. */
export const contradictions = (spec: RunSpec): Found[] =>
  CHECKS.flatMap(check => check(spec)).filter((problem): problem is Found => Boolean(problem));

function invalidPattern(regex: string): Found | undefined {
  const why = patternProblem(regex);
  if (why === undefined) return undefined;
  return found('ppo.rewardRule', { regex }, `It is no regular expression: ${why}.`, 'Correct it, or use contains.');
}

const loraDropout = (trainable: RunSpec['trainable']): Record<string, number> =>
  'lora' in trainable ? { 'trainable.lora.dropout': trainable.lora.dropout } : {};

function withoutValidation({ dataset: { split } }: RunSpec): boolean {
  return 'files' in split ? split.files.validation === undefined : split.validation === 0;
}

const shares = ({ train, validation, test }: { train: number; validation: number; test: number }) => ({
  train,
  validation,
  test,
});

const rounded = (value: number): number => Number(value.toPrecision(6));
