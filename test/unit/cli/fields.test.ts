import { expect, test } from 'vitest';
import { asOptionsSay, inOptions } from '../../../src/cli/fields.ts';
import { EVALUATION_RULES } from '../../../src/protocol/evaluation/rules.ts';
import { Reasoned } from '../../../src/protocol/result.ts';

test.each<[string, string]>([
  ['prompt.labelWords has words for "0".', '--label-words has words for "0".'],
  ['rows is 0.', '--rows is 0.'],
  ['It has rows is 0.', 'It has rows is 0.'],
  [
    'Evaluate a part of the split (part), or fewer rows (rows).',
    'Evaluate a part of the split (--part), or fewer rows (--rows).',
  ],
  ['Say in dataset.columns.label which it is.', 'Say in --column label=… which it is.'],
  ['Say in dataset.columns which it is.', 'Say in --column which it is.'],
  ['compare.checks.0 looks for nothing.', '--check looks for nothing.'],
  ['compare.judge.concurrency is 0.', '--judge-concurrency is 0.'],
  ['generate.decoding.noRepeatNgram is 0.', '--no-repeat-ngram is 0.'],
  ['compare.generate.decoding.returned is 2.', '--return is 2.'],
  ['generate.decoding is “odd”.', '--decoding is “odd”.'],
  ['“my.prompt.prompt” is none.', '“my.prompt.prompt” is none.'],
  ['The file has no column “rows”.', 'The file has no column “rows”.'],
])('%s', (sentence, told) => {
  expect(inOptions(sentence)).toBe(told);
});

/** What the command line can't ask for. */
const NO_OPTION =
  /^(task|models|device|devices|part|rows|dataset\.(split|header)|(compare\.)?judge\.(temperature|seed))/;

test('every field that options fill has its option', () => {
  const fields = Object.keys(EVALUATION_RULES).filter(path => !NO_OPTION.test(path) && path !== 'compare.generate');
  expect(fields.filter(path => inOptions(`${path} is wrong.`).startsWith(path))).toEqual([]);
});

test('what options alone have made is wrong usage; what a file has not keeps its code', async () => {
  const refused = (code: string) =>
    asOptionsSay(() => Promise.reject(new Reasoned(code, 'prompt.shots is -1.', 'Write prompt.shots anew.')));
  await expect(refused('evaluation-invalid')).rejects.toMatchObject({
    code: 'wrong-usage',
    message: '--shots is -1.',
    remedy: 'Write --shots anew.',
  });
  await expect(refused('shots-missing')).rejects.toMatchObject({ code: 'shots-missing', message: '--shots is -1.' });
});
