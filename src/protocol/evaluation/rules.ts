import {
  custom,
  device,
  from,
  hasTexts,
  HIGHEST_SEED,
  isListOf,
  isNumber,
  isObject,
  isText,
  oneOf,
  orNull,
  text,
  whole,
  yes,
} from '../fields/rules.ts';
import type { Rules } from '../fields/check.ts';
import { type Precision, PRECISIONS } from '../precision.ts';
import { PARTS } from '../run/names.ts';
import { RUN_RULES } from '../run/rules.ts';

const isWord = (word: unknown): boolean => typeof word === 'string';
const isWords = (words: unknown): boolean => isWord(words) || isListOf(words, isWord);
const isCheck = (check: unknown): boolean =>
  isObject(check) &&
  Object.keys(check).length === 1 &&
  hasTexts(check) &&
  ['startsWith', 'contains', 'regex'].includes(Object.keys(check)[0] as string);
const judge = custom(
  '{"kind": "ollama" | "openai" | "vscode", "model": "…"}',
  value =>
    isObject(value) && ['ollama', 'openai', 'vscode'].includes(value['kind'] as string) && isText(value['model']),
);
const section = custom('an object, or null', value => value === null || isObject(value));
const columns = custom('a list of names of columns', value => isListOf(value, isText));

/** Those of a judge, wherever one is asked. */
const JUDGE_RULES: Rules = {
  judge,
  prompt: orNull(text),
  columns: custom('a list of names of columns, at least one', value => isListOf(value, isText) && value.length > 0),
  temperature: from(0),
  seed: whole(0, HIGHEST_SEED),
  concurrency: whole(1, 64),
  retries: whole(0, 20),
  timeoutSeconds: custom(
    'a number of seconds above 0, up to 3600',
    value => isNumber(value) && value > 0 && value <= 3600,
  ),
};

const rulesIn = (section: string, rules: Rules): Rules =>
  Object.fromEntries(Object.entries(rules).map(([field, rule]) => [`${section}.${field}`, rule]));

/** Every field of evaluation.json by its path. */
export const EVALUATION_RULES: Rules = {
  task: oneOf('prompt', 'classifier', 'generate', 'judge', 'compare', 'probe'),
  models: custom('a list of models: folders, ids of the models list, or owner/name on the hub', value =>
    isListOf(value, isText),
  ),
  ...Object.fromEntries(Object.entries(RUN_RULES).filter(([path]) => path.startsWith('dataset.'))),
  part: orNull(oneOf(...PARTS)),
  rows: orNull(whole(1)),
  device,
  devices: custom(`a list with a device for each model, each ${device.must}`, value => isListOf(value, device.allows)),
  precision: oneOf(...PRECISIONS),
  precisions: custom(`a list with a precision for each model, each ${PRECISIONS.join(', ')}`, value =>
    isListOf(value, one => PRECISIONS.includes(one as Precision)),
  ),
  'prompt.prompt': text,
  'prompt.labelWords': custom(
    'an object from labels to their words, such as {"0": " negative", "1": [" positive", " good"]}',
    value => isObject(value) && Object.values(value).every(isWords),
  ),
  'prompt.score': oneOf('label', 'text'),
  'prompt.apart': yes,
  'prompt.normalize': oneOf('sum', 'mean', 'contextual'),
  'prompt.shots': whole(0),
  'prompt.seed': whole(0, HIGHEST_SEED),
  'generate.template': orNull(text),
  'generate.decoding': custom('an object with "decoding" and its options', isObject),
  ...rulesIn('judge', JUDGE_RULES),
  'compare.of': oneOf('responses', 'texts'),
  'compare.generate': section,
  'compare.rewardModel': orNull(text),
  ...rulesIn('compare.judge', JUDGE_RULES),
  'compare.checks': custom('a list of {"startsWith": "…"}, {"contains": "…"} or {"regex": "…"}', value =>
    isListOf(value, isCheck),
  ),
  'probe.columns': columns,
  'probe.by': orNull(text),
  'probe.embeddings': orNull(oneOf('mean', 'last')),
};
