import { type SettingsForm, settingsOf } from '../decodingOptions.ts';
import type { Reason } from '../result.ts';
import { settingsProblems } from '../settingsProblems.ts';

/** How responses are made and judged. */
export interface AnnotationSettings {
  /** Ids; each makes as many of a prompt's responses as the others, or one more. */
  readonly models: readonly string[];
  /** For each prompt. */
  readonly responses: number;
  /** Of one response; how many there are, and the seed, are decided by the other fields. */
  readonly decoding: SettingsForm;
  readonly judgement: 'rank' | 'score';
  /** Scores go from 1 to this. No effect on ranks. */
  readonly highest: number;
  readonly order: 'shuffled' | 'file';
  /** The first so many rows in that order; null: all. */
  readonly rows: number | null;
  /** Of the order of rows and of responses, and of what is drawn. */
  readonly seed: number;
  /** After so many judgements an earlier one is asked again; null: never. */
  readonly againAfter: number | null;
}

/** Keys tell so many responses, or scores, apart. */
const MOST_RESPONSES = 9;

export const firstSettings = (model: string): AnnotationSettings => ({
  models: [model],
  responses: 2,
  decoding: { decoding: 'sample', maxNewTokens: 60, temperature: 0.8, topP: 0.95 },
  judgement: 'rank',
  highest: 5,
  order: 'shuffled',
  rows: null,
  seed: 123,
  againAfter: 10,
});

export interface AnnotationProblem {
  /** A field of the settings. */
  readonly field: keyof AnnotationSettings;
  readonly reason: Reason;
}

/** What is wrong with settings; empty where responses can be made with them. */
export function annotationProblems(settings: AnnotationSettings): AnnotationProblem[] {
  const { models, responses, decoding, highest, rows, seed, againAfter } = settings;
  const problems: AnnotationProblem[] = [];
  const add = (field: keyof AnnotationSettings, message: string, remedy: string): void =>
    void problems.push({ field, reason: { code: 'annotation-setting-invalid', message, remedy } });
  const isWhole = (value: number, from: number, to = Number.MAX_SAFE_INTEGER): boolean =>
    Number.isSafeInteger(value) && value >= from && value <= to;
  if (models.length === 0) add('models', 'No model is chosen.', 'Choose one or more.');
  if (!isWhole(responses, 2, MOST_RESPONSES))
    add('responses', `The number of responses is ${responses}.`, `Give a whole number from 2 to ${MOST_RESPONSES}.`);
  else if (models.length > responses)
    add(
      'models',
      `There are ${models.length} models for ${responses} responses.`,
      'Ask for more responses, or choose fewer models.',
    );
  if (!isWhole(highest, 2, 9)) add('highest', `The highest score is ${highest}.`, 'Give a whole number from 2 to 9.');
  if (rows !== null && !isWhole(rows, 1))
    add('rows', `The number of rows is ${rows}.`, 'Give 1 or more, or nothing for all.');
  if (!isWhole(seed, 0, 2 ** 32 - 1)) add('seed', `The seed is ${seed}.`, 'Give a whole number from 0 to 4294967295.');
  if (againAfter !== null && !isWhole(againAfter, 2))
    add('againAfter', `An earlier one is asked again after ${againAfter}.`, 'Give 2 or more, or nothing for never.');
  const [wrong] = settingsProblems(settingsOf(decoding) as unknown as Record<string, unknown>);
  if (wrong) problems.push({ field: 'decoding', reason: wrong.reason });
  else if (problems.length === 0) {
    const alike = alikeProblem(settings);
    if (alike) add('decoding', ...alike);
  }
  return problems;
}

/** Only drawing gives one model several responses to a prompt, or a search that keeps as many. */
function alikeProblem({ models, responses, decoding }: AnnotationSettings): [string, string] | undefined {
  const each = Math.ceil(responses / models.length);
  if (each === 1 || decoding.decoding === 'sample') return undefined;
  if (decoding.decoding === 'greedy')
    return [
      `Greedy decoding gives a model’s ${each} responses to a prompt the same text.`,
      'Choose sampling, or as many models as responses.',
    ];
  const beams = decoding.beams ?? 0;
  return beams >= each
    ? undefined
    : [`A search with ${beams} beams gives no ${each} responses.`, `Search with ${each} beams or more.`];
}
