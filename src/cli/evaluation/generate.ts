import { copyFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Option } from 'commander';
import { EVALUATION_FILES, type ResponsesResult } from '../../protocol/evaluation/folder.ts';
import { makePath } from '../../protocol/makePath.ts';
import { whyUnwritable } from '../../protocol/newFolder.ts';
import { Reasoned } from '../../protocol/result.ts';
import { DECODING_NAMES, decodingSettings } from '../decoding.ts';
import { wrongUsage } from '../failure.ts';
import { figure, percent } from '../output.ts';
import type { TaskCommand, TaskOptions } from './task.ts';

export const templateOption = (): Option =>
  new Option(
    '--template <template>',
    'what makes a prompt of a row: alpaca, question-answer, phi-3, none, or Jinja over the columns',
  );

/** The generate section of a request. */
export const generateSection = (options: TaskOptions) => ({
  template: (options['template'] as string | undefined) ?? null,
  decoding: decodingSettings(options),
});

export const generate: TaskCommand = {
  name: 'generate',
  description: 'a response to each row, written to --out beside the row’s own fields',
  options: [templateOption(), new Option('--out <file>', 'the JSON file that the rows with their responses go to')],
  takes: ['model', ...DECODING_NAMES],
  needsFolder: true,
  async section(options) {
    if (options['out'] === undefined && options['evaluationsFolder'] === undefined)
      throw wrongUsage(
        'There must be an --out or an --evaluations-folder.',
        'Say where the responses go: --out responses.json.',
      );
    if (options['out'] !== undefined && resolve(options['out'] as string) === resolve(options['file'] as string))
      throw wrongUsage('--out is the dataset file itself.', 'Give another file for the responses.');
    return { generate: generateSection(options) };
  },
  async output({ result, folder }, options) {
    const responses = join(folder as string, EVALUATION_FILES.responses);
    const file = options['out'] === undefined ? responses : resolve(options['out'] as string);
    if (file !== responses) await copyTo(file, responses);
    const { rows, leftOut, models } = result as ResponsesResult & typeof result;
    const [{ model, texts }] = models as [ResponsesResult['models'][number]];
    const text = (): string =>
      [
        `${rows} responses by ${model} in ${file}`,
        `${figure(texts.meanTokens, 1)} tokens each, ${texts.empty} empty`,
        `distinct words ${percent(texts.distinct1)}, distinct pairs ${percent(texts.distinct2)}, repetition ${percent(texts.repetition)}`,
      ].join('\n');
    return { json: { file, rows, leftOut, models }, text };
  },
};

async function copyTo(file: string, responses: string): Promise<void> {
  try {
    await makePath(dirname(file));
    await copyFile(responses, file);
  } catch (error) {
    throw new Reasoned(
      'out-unwritable',
      `The responses could not be written to ${file}: ${whyUnwritable(error)}.`,
      'Choose another place for --out, or make this one writable.',
      { cause: error },
    );
  }
}
