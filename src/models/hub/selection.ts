import { Reasoned } from '../../protocol/result.ts';
import { PYTORCH_WEIGHTS } from '../pytorch/convert.ts';
import { WEIGHTS, WEIGHTS_INDEX } from '../weights.ts';
import { formatHubName, type HubName } from './names.ts';

const BESIDE_THE_WEIGHTS = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.json',
  'merges.txt',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
  'chat_template.json',
];

/** As transformers names them; openTensors compares them with the index afterwards. */
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;

/**
 * The files that a model folder needs, out of all that a repository holds; small ones first, so that a wrong
 * config.json is seen before hundreds of megabytes.
 * @returns Paths in the repository.
 * @throws Reasoned `hub-not-a-model` or `hub-no-weights`
 */
export function selectFiles(paths: readonly string[], name: HubName): string[] {
  const prefix = name.subfolder === '' ? '' : `${name.subfolder}/`;
  const names = new Set(paths.filter(path => path.startsWith(prefix)).map(path => path.slice(prefix.length)));
  if (!names.has('config.json'))
    throw new Reasoned(
      'hub-not-a-model',
      `"${formatHubName(name)}" has no config.json${prefix && ` in "${name.subfolder}"`}: it is not a model's folder.`,
      'Check the name; a model in a subfolder is written owner/name:subfolder.',
    );
  const weights = weightFiles(names);
  if (weights.length === 0)
    throw new Reasoned(
      'hub-no-weights',
      `"${formatHubName(name)}" has neither ${WEIGHTS} nor ${PYTORCH_WEIGHTS}.`,
      'Choose a repository that has one of them, or convert this one with transformers and import the folder.',
    );
  return [...BESIDE_THE_WEIGHTS.filter(file => names.has(file)), ...weights].map(file => prefix + file);
}

function weightFiles(names: ReadonlySet<string>): string[] {
  if (names.has(WEIGHTS)) return [WEIGHTS];
  if (names.has(WEIGHTS_INDEX)) return [WEIGHTS_INDEX, ...[...names].filter(name => SHARD.test(name)).sort()];
  return names.has(PYTORCH_WEIGHTS) ? [PYTORCH_WEIGHTS] : [];
}
