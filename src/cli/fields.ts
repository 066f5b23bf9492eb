import { OPTION_MODES } from '../protocol/decodingOptions.ts';
import { Reasoned } from '../protocol/result.ts';
import { flagOf } from './decoding.ts';
import { wrongUsage } from './failure.ts';

const JUDGE = {
  judge: '--judge',
  'judge.model': '--judge',
  'judge.address': '--judge-address',
  'judge.keyVariable': '--judge-key-variable',
  prompt: '--prompt',
  columns: '--judge-columns',
  concurrency: '--judge-concurrency',
  retries: '--judge-retries',
  timeoutSeconds: '--judge-timeout',
};

const GENERATE = {
  template: '--template',
  decoding: '--decoding',
  ...Object.fromEntries(Object.keys(OPTION_MODES).map(option => [`decoding.${option}`, flagOf(option)])),
};

const within = (section: string, options: Readonly<Record<string, string>>): Array<readonly [string, string]> =>
  Object.entries(options).map(([field, option]) => [`${section}.${field}`, option]);

/** Which option fills a field of a request: who types options knows no fields, and who writes a file no options. */
const OPTION_OF: ReadonlyMap<string, string> = new Map([
  ...within('dataset', {
    file: '--file',
    header: '--header',
    columns: '--column',
    template: '--template',
    steps: '--steps',
  }),
  ...within('prompt', {
    prompt: '--prompt',
    labelWords: '--label-words',
    score: '--score',
    apart: '--apart',
    normalize: '--normalize',
    shots: '--shots',
    seed: '--seed',
  }),
  ...within('generate', GENERATE),
  ...within('judge', JUDGE),
  ...within('compare', { of: '--of', rewardModel: '--reward-model', checks: '--check', judge: '--judge' }),
  ...within('compare.generate', GENERATE),
  ...within('compare.judge', JUDGE),
  ...within('probe', { columns: '--columns', by: '--by', embeddings: '--embeddings' }),
]);

/** Fields whose names are words: they are fields where a sentence begins with them, or where they stand in brackets. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['models', '--models'],
  ['devices', '--device'],
  ['precision', '--precision'],
  ['precisions', '--precision'],
  ['part', '--part'],
  ['rows', '--rows'],
]);

const longestFirst = [...OPTION_OF.keys()].sort((a, b) => b.length - a.length);
const PATHS = new RegExp(`(?<![\\w./\\\\-])(${longestFirst.join('|').replaceAll('.', '\\.')})(\\.\\w+)?(?!\\w)`, 'g');
const wordsLongestFirst = [...WORDS.keys()].sort((a, b) => b.length - a.length).join('|');
const BEGINNING = new RegExp(`^(${wordsLongestFirst})(?= (is|names) )`);
const IN_BRACKETS = new RegExp(`\\((${wordsLongestFirst})\\)`, 'g');

/** A sentence about fields as one about options: `dataset.columns.label` is `--column label=…`, a check's number is left out. */
export const inOptions = (sentence: string): string =>
  sentence
    .replace(BEGINNING, word => WORDS.get(word) as string)
    .replaceAll(IN_BRACKETS, (_, word: string) => `(${WORDS.get(word)})`)
    .replaceAll(PATHS, (_, path: string, rest = '') => {
      const option = OPTION_OF.get(path) as string;
      if (path === 'dataset.columns' && rest !== '') return `${option} ${rest.slice(1)}=…`;
      return /^\.\d+$/.test(rest) ? option : `${option}${rest}`;
    });

/** What a request is refused for that options alone have made, whatever files and models there are. */
const OF_OPTIONS = new Set([
  'evaluation-invalid',
  'evaluation-contradictory',
  'check-invalid',
  'compare-models',
  'judge-address-invalid',
  'label-words-invalid',
  'responses-several',
]);

/** Does what options ask for. What it is refused for names options, and is wrong usage where they alone are to blame. */
export async function asOptionsSay<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Reasoned)) throw error;
    const [message, remedy] = [inOptions(error.message), inOptions(error.remedy)];
    throw OF_OPTIONS.has(error.code)
      ? wrongUsage(message, remedy)
      : new Reasoned(error.code, message, remedy, { cause: error });
  }
}
