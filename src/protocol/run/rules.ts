import {
  above,
  below1,
  between,
  custom,
  device,
  type FieldRule,
  file,
  from,
  hasTexts,
  HIGHEST_SEED,
  isDistinct,
  isListOf,
  isNumber,
  isObject,
  isText,
  oneOf,
  orNull,
  orWord,
  text,
  whole,
  yes,
} from '../fields/rules.ts';
import { DATASET_STEPS, PARTS, ROLES } from './names.ts';
import type { Part } from './spec.ts';

const isStep = (step: unknown): boolean => {
  if (!isObject(step) || Object.keys(step).length !== 1) return false;
  const [[kind, value]] = Object.entries(step) as [[string, unknown]];
  if (kind === 'take') return whole(1).allows(value);
  if (kind === 'derive') return hasTexts(value) && Object.keys(value as object).length > 0;
  return DATASET_STEPS.includes(kind) && isText(value);
};
const isRewardRule = (rule: unknown): boolean => {
  if (!isObject(rule) || Object.keys(rule).length !== 1) return false;
  const [[kind, value]] = Object.entries(rule) as [[string, unknown]];
  return kind === 'label' ? value === true : ['contains', 'startsWith', 'regex'].includes(kind) && isText(value);
};

const pooling = oneOf('last', 'first', 'mean');

/** Every field of run.json by its path. */
export const RUN_RULES: Readonly<Record<string, FieldRule>> = {
  method: oneOf('lm', 'sft', 'classification', 'reward', 'dpo', 'ppo'),
  model: { ...text, must: 'a folder, an id of the models list, or owner/name on the hub' },
  'dataset.file': file,
  'dataset.header': orNull(yes),
  'dataset.columns': custom(
    `an object from roles (${ROLES.join(', ')}) to names of columns`,
    value => hasTexts(value) && Object.keys(value as object).every(role => ROLES.includes(role)),
  ),
  'dataset.template': orNull({
    ...text,
    must: 'alpaca, question-answer, phi-3, none, or a Jinja template',
  }),
  'dataset.steps': custom(
    'a list of steps, each {"filter": "…"}, {"derive": {"column": "…"}}, {"balance": "column"} or {"take": 1000}',
    value => isListOf(value, isStep),
  ),
  'dataset.split.train': between(0, 1),
  'dataset.split.validation': between(0, 1),
  'dataset.split.test': between(0, 1),
  'dataset.split.shuffle': yes,
  'dataset.split.seed': whole(0, HIGHEST_SEED),
  'dataset.split.order': custom(
    'each of "train", "validation" and "test" once',
    value => isListOf(value, item => PARTS.includes(item as Part)) && value.length === 3 && isDistinct(value),
  ),
  'dataset.split.files': custom(
    'an object with the paths of the files for "validation" and "test"',
    value => hasTexts(value) && Object.keys(value as object).every(part => part === 'validation' || part === 'test'),
  ),
  'training.epochs': whole(1),
  'training.maxSteps': orNull(whole(1)),
  'training.batchSize': whole(1),
  'training.accumulation': whole(1),
  'training.backward': oneOf('auto', 'whole', 'blocks'),
  'training.dropLast': yes,
  'training.shuffle': yes,
  'training.seed': whole(0, HIGHEST_SEED),
  'training.optimizer': oneOf('adamw', 'sgd'),
  'training.momentum': below1,
  'training.learningRate': above(0),
  'training.schedule': oneOf('constant', 'linear', 'cosine'),
  'training.warmupSteps': whole(0),
  'training.warmupRatio': orNull(between(0, 1)),
  'training.weightDecay': from(0),
  'training.decay': oneOf('matrices', 'all'),
  'training.betas': custom(
    'two numbers from 0, and below 1, such as [0.9, 0.999]',
    value => isListOf(value, below1.allows) && value.length === 2,
  ),
  'training.epsilon': above(0),
  'training.maxGradientNorm': orNull(above(0)),
  'training.maxLength': orNull(whole(2)),
  'training.maxPromptLength': orNull(whole(1)),
  'training.tooLong': oneOf('cut', 'drop'),
  'training.truncate': oneOf('right', 'left'),
  'training.padding': {
    must: '"batch", "longest", or a whole number of tokens from 2',
    allows: value => value === 'batch' || value === 'longest' || whole(2).allows(value),
  },
  'training.endToken': yes,
  'training.completionOnly': yes,
  'training.dropout': below1,
  'training.evaluateEvery': orWord('epoch', whole(1)),
  'training.evaluationBatches': orNull(whole(1)),
  'training.checkpointEvery': orWord('epoch', whole(1)),
  'training.keepCheckpoints': whole(1),
  'training.keepBest': orNull(text),
  'training.patience': orNull(whole(1)),
  'training.logEvery': whole(1),
  'trainable.layers': custom(
    '"all", "head", or {"last": 1} for the last so many blocks',
    value =>
      value === 'all' ||
      value === 'head' ||
      (isObject(value) && Object.keys(value).length === 1 && whole(1).allows(value['last'])),
  ),
  'trainable.lora.rank': whole(1),
  'trainable.lora.alpha': above(0),
  'trainable.lora.dropout': below1,
  'trainable.lora.targets': custom(
    'a list of one or more of "c_attn", "c_proj" and "c_fc"',
    value =>
      isListOf(value, item => ['c_attn', 'c_proj', 'c_fc'].includes(item as string)) &&
      value.length > 0 &&
      isDistinct(value),
  ),
  'classification.pooling': oneOf('last', 'first', 'mean', 'position'),
  'classification.labels': orNull(
    custom('a list of two or more different labels', value => {
      return isListOf(value, isText) && value.length > 1 && isDistinct(value);
    }),
  ),
  'classification.hidden.size': whole(1),
  'classification.hidden.activation': oneOf('relu', 'gelu', 'tanh'),
  'classification.hidden.dropout': below1,
  'classification.bias': yes,
  'sft.labelWords': orNull(
    custom('an object from two or more labels to their words, such as {"0": "negative", "1": "positive"}', value => {
      return hasTexts(value) && Object.keys(value as object).length > 1;
    }),
  ),
  'dpo.beta': above(0),
  'dpo.loss': oneOf('sigmoid', 'ipo'),
  'dpo.labelSmoothing': {
    ...below1,
    must: 'a number from 0, and below 0.5',
    allows: v => isNumber(v) && v >= 0 && v < 0.5,
  },
  'dpo.reference': orNull(text),
  'reward.pooling': pooling,
  'reward.centerCoefficient': orNull(from(0)),
  'ppo.rewardModel': orNull(text),
  'ppo.klCoefficient': from(0),
  'ppo.clipRange': above(0),
  'ppo.valueCoefficient': from(0),
  'ppo.gamma': between(0, 1),
  'ppo.lambda': between(0, 1),
  'ppo.epochsPerBatch': whole(1),
  'ppo.maxNewTokens': whole(1),
  'ppo.temperature': above(0),
  'ppo.valueClipRange': above(0),
  'ppo.whitenRewards': yes,
  'ppo.clipReward': orNull(above(0)),
  'ppo.targetKl': orNull(above(0)),
  'ppo.rewardRule': orNull(
    custom('{"contains": "…"}, {"startsWith": "…"}, {"regex": "…"} or {"label": true}', isRewardRule),
  ),
  device,
  threads: orNull(whole(1, 1024)),
  precision: oneOf('f32', 'f16', 'bf16'),
  initialize: oneOf('weights', 'random'),
  backend: oneOf('onnx', 'torch'),
  'torch.python': orNull(text),
  'torch.processes': whole(1),
  'torch.machines': whole(1),
  'torch.mainAddress': orNull(text),
  'torch.mainPort': orNull(whole(1, 65_535)),
  'torch.accelerateConfig': orNull(file),
};
