import { Option } from 'commander';
import type { PromptTask } from '../../protocol/evaluation/request.ts';
import { wrongUsage } from '../failure.ts';
import { readTextFile } from '../input.ts';
import { wholeNumber } from '../options.ts';
import { classificationOutput } from './classification.ts';
import type { TaskCommand, TaskOptions } from './task.ts';

interface Options {
  readonly prompt?: string;
  readonly labelWords?: string;
  readonly score?: PromptTask['score'];
  readonly apart?: boolean;
  readonly normalize?: PromptTask['normalize'];
  readonly shots?: number;
  readonly seed?: number;
}

export const prompt: TaskCommand = {
  name: 'prompt',
  description: 'a label by the likeliest word after a prompt, without training',
  options: [
    new Option('--label-words <file>', 'JSON: each label with its word or words, exactly as written'),
    new Option('--score <what>', 'the word after the prompt, or prompt and word').choices(['label', 'text']),
    new Option('--apart', 'encode the word by itself, and not together with the prompt'),
    new Option('--normalize <how>', 'sum or mean of log-probabilities, or less those after an empty row').choices([
      'sum',
      'mean',
      'contextual',
    ]),
    new Option('--shots <count>', 'examples before each row, of rows that are not evaluated').argParser(wholeNumber),
  ],
  takes: ['model', 'prompt', 'seed'],
  section: async options => ({ prompt: await section(options) }),
  output: async outcome => classificationOutput(outcome),
};

async function section(options: TaskOptions): Promise<Partial<PromptTask>> {
  const { prompt, labelWords, score, apart, normalize, shots, seed } = options as Options;
  if (prompt === undefined)
    throw wrongUsage('There must be a --prompt.', 'Give a template, such as "Review: {{ sentence }} Sentiment:".');
  if (labelWords === undefined)
    throw wrongUsage('There must be --label-words.', 'Give a file such as {"0": " negative", "1": " positive"}.');
  return {
    prompt,
    labelWords: await readWords(labelWords),
    ...(score && { score }),
    ...(apart && { apart }),
    ...(normalize && { normalize }),
    ...(shots !== undefined && { shots }),
    ...(seed !== undefined && { seed }),
  };
}

async function readWords(file: string): Promise<PromptTask['labelWords']> {
  const text = await readTextFile(file);
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as PromptTask['labelWords']; // checked with the whole request
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw wrongUsage(
      `${file} is not JSON: ${error.message}.`,
      'Write {"0": " negative", "1": [" positive", " good"]}.',
    );
  }
}
