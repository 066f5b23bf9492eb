import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ClassifierReport } from '../../protocol/classify.ts';
import { valueOf } from '../../protocol/result.ts';
import type { Role } from '../../protocol/run/spec.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelOption,
  type ModelOption,
  precisionOption,
  requireFloat32,
} from '../options.ts';
import { wrongUsage } from '../failure.ts';
import { percent, print, table } from '../output.ts';
import { withEngine } from '../session.ts';
import { column } from '../columnOption.ts';

interface Options extends JsonOption, ModelOption, DeviceOptions {
  readonly task: string;
  readonly file?: string;
  readonly column: Partial<Record<Role, string>>;
  readonly header?: boolean;
}

const TASKS = ['classifier'];

export function evaluate(program: Command): void {
  program
    .command('evaluate')
    .description('how well a model does a task, over the rows of a dataset file')
    .addOption(new Option('--task <task>', 'classifier: a fine-tuned classifier against labels').makeOptionMandatory())
    .option('--file <file>', 'the dataset file')
    .addOption(
      new Option('--column <role=column>', 'what a column is used as, such as text=review; may be given again')
        .argParser(column)
        .default({}, 'guessed'),
    )
    .option('--header', 'the first line names the columns; guessed where left out')
    .option('--no-header', 'the first line is a row')
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      requireFloat32(options);
      const { model, device, header = null, column: columns } = options;
      if (!TASKS.includes(options.task))
        throw wrongUsage(`There is no task "${options.task}".`, `It must be ${TASKS.join(', ')}.`);
      if (options.file === undefined)
        throw wrongUsage('There must be a --file.', 'Give the dataset file with texts and labels.');
      const dataset = { dataset: { file: resolve(options.file), columns, header } };
      const report = await withEngine((engine, call) =>
        valueOf(engine.evaluateClassifier({ model, device, dataset }, call)),
      );
      const { leftOut, ...figures } = report;
      if (leftOut.length > 0) console.error(`${leftOut.length} rows were left out: ${leftOut[0]?.reason}`);
      await print({ json: figures, text: () => describe(report) }, options);
    });
}

function describe({ accuracy, confusion: { labels, counts }, classes, rows }: ClassifierReport): string {
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  const figures = classes.map(({ label, precision, recall, f1, support }) => [
    share(precision),
    share(recall),
    share(f1),
    `${support}`,
    label,
  ]);
  const right = ['right', 'right', 'right', 'right', 'left'] as const;
  const perClass = table(['precision', 'recall', 'F1', 'rows', 'label'], figures, right);
  const confused = labels.map((label, at) => [...(counts[at] ?? []).map(String), `is ${label}`]);
  const matrix = table([...labels.map(label => `as ${label}`), ''], confused, [
    ...labels.map(() => 'right' as const),
    'left' as const,
  ]);
  return `accuracy ${percent(accuracy)} of ${rows.length} rows\n\n${perClass}\n\n${matrix}`;
}
