import { metricsOf } from './evaluated.ts';
import { type Found, found } from './problem.ts';
import type { RunSpec } from './spec.ts';
import { torchContradictions } from './torchCombinations.ts';

/** How far the shares of a split may be from 1: what decimal fractions lose as binary ones, and no more. */
const SHARES_TOLERANCE = 1e-6;

const THERE_YET = ['lm', 'sft', 'classification', 'reward', 'dpo'];

type Check = (spec: RunSpec) => ReadonlyArray<Found | false | undefined>;

/** What is wrong with fields that are right each by itself. */
const CHECKS: readonly Check[] = [
  ({ method }) => [
    !THERE_YET.includes(method) &&
      found('method', method, 'This method is not there yet.', `Choose ${THERE_YET.join(', ')}.`, 'unavailable'),
  ],
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
  ({ precision, device, backend }) => {
    if (precision === 'f32') return [];
    const onGpu = /^(auto|cuda(:\d+)?)$/.test(device);
    if (onGpu && backend === 'torch') return [];
    const why = onGpu
      ? found('precision', precision, 'Half precision is not there yet.', 'Use f32.', 'unavailable')
      : found('precision', precision, `Half precision is for CUDA only, and device is ${device}.`, 'Use f32.');
    return [why];
  },
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
  ({ method, ppo }) => [
    method === 'ppo' &&
      (ppo.rewardModel === null) === (ppo.rewardRule === null) &&
      found(
        'ppo.rewardModel',
        ppo.rewardModel,
        'There must be a reward model or a reward rule.',
        'Give exactly one of them.',
      ),
  ],
];

const TRAIN_SHARE = 'Give train a share above 0, such as 0.85.';

/** The contradictions within a request whose fields are right each by itself. */
export const contradictions = (spec: RunSpec): Found[] =>
  CHECKS.flatMap(check => check(spec)).filter((problem): problem is Found => Boolean(problem));

function withoutValidation({ dataset: { split } }: RunSpec): boolean {
  return 'files' in split ? split.files.validation === undefined : split.validation === 0;
}

const shares = ({ train, validation, test }: { train: number; validation: number; test: number }) => ({
  train,
  validation,
  test,
});

const rounded = (value: number): number => Number(value.toPrecision(6));
