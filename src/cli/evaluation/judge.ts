import { InvalidArgumentError, Option } from 'commander';
import type { JudgeResult } from '../../protocol/evaluation/folder.ts';
import type { JudgeName, JudgeTask } from '../../protocol/evaluation/request.ts';
import { isJudged } from '../../protocol/evaluation/rows.ts';
import { wrongUsage } from '../failure.ts';
import { wholeNumber } from '../options.ts';
import { figure, table } from '../output.ts';
import type { TaskCommand, TaskOptions } from './task.ts';

/** Options of whatever asks a judge; the prompt is the one of `evaluate`. */
export const judgeOptions = (): Option[] => [
  new Option('--judge <judge>', 'who judges: ollama:NAME or openai:NAME').argParser(judgeName),
  new Option('--judge-address <address>', 'the server, such as http://127.0.0.1:11434'),
  new Option('--judge-key-variable <name>', 'the environment variable that holds the server’s key'),
  new Option('--judge-columns <names>', 'columns with responses, with commas between').argParser((names: string) =>
    names.split(','),
  ),
  new Option('--judge-concurrency <count>', 'questions under way at once').argParser(wholeNumber),
  new Option('--judge-retries <count>', 'times that a question is asked again').argParser(wholeNumber),
  new Option('--judge-timeout <seconds>', 'how long an answer may take').argParser(wholeNumber),
];

/** The judge section of a request, as far as options say something; undefined without a judge. */
export function judgeSection(options: TaskOptions): (Partial<JudgeTask> & Pick<JudgeTask, 'judge'>) | undefined {
  const name = options['judge'] as JudgeName | undefined;
  if (!name) return undefined;
  const [address, keyVariable] = [options['judgeAddress'], options['judgeKeyVariable']] as Array<string | undefined>;
  const given = {
    prompt: options['prompt'],
    columns: options['judgeColumns'],
    concurrency: options['judgeConcurrency'],
    retries: options['judgeRetries'],
    timeoutSeconds: options['judgeTimeout'],
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    judge: { ...name, ...(address !== undefined && { address }), ...(keyVariable !== undefined && { keyVariable }) },
  };
}

export const judge: TaskCommand = {
  name: 'judge',
  description: 'scores of responses by another model, which --judge names',
  options: judgeOptions(),
  takes: ['prompt'],
  async section(options) {
    const judge = judgeSection(options);
    if (!judge) throw wrongUsage('There must be a --judge.', 'Say who judges: --judge ollama:llama3.');
    return { judge };
  },
  async output({ result, rows }) {
    const { columns } = result as JudgeResult;
    const judged = rows.filter(isJudged);
    const failures = judged.filter(({ score }) => score === null);
    const text = (): string => {
      const lines = columns.map(({ column, asked, scored, mean }) => [
        mean ? figure(mean.value) : '–',
        mean ? `${figure(mean.low, 1)} to ${figure(mean.high, 1)}` : '–',
        `${scored} of ${asked}`,
        column,
      ]);
      const figures = table(['mean', '95 % interval', 'scored', 'column'], lines, ['right', 'right', 'right', 'left']);
      const failed = failures.map(({ row, column, problem }) => `row ${row + 1}, ${column}: ${problem}`);
      return [figures, ...failed].join('\n');
    };
    return { json: { columns, failures: failures.length, rows: judged }, text };
  },
};

function judgeName(value: string): JudgeName {
  const [, kind, model] = /^(ollama|openai):(.+)$/.exec(value) ?? [];
  if (kind === undefined || model === undefined)
    throw new InvalidArgumentError('It must be ollama:NAME or openai:NAME.');
  return { kind: kind as JudgeName['kind'], model };
}
