import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { DatasetDescription, DatasetRequest, OpenedDataset } from '../../protocol/dataset.ts';
import { Reasoned, valueOf } from '../../protocol/result.ts';
import { problemsOf } from '../../protocol/run/check.ts';
import type { DatasetStep, MethodName, Role } from '../../protocol/run/spec.ts';
import { readText } from '../input.ts';
import { column } from '../columnOption.ts';
import { asOptionsSay, inOptions } from '../fields.ts';
import { jsonOption, type JsonOption, modelOption, type ModelOption } from '../options.ts';
import { counted, figure, print, table } from '../output.ts';
import { withEngine } from '../session.ts';

interface Options extends JsonOption, ModelOption {
  readonly template?: string;
  readonly steps?: string;
  readonly method?: MethodName;
  readonly column: Partial<Record<Role, string>>;
  readonly header?: boolean;
}

export function dataset(program: Command): void {
  program
    .command('dataset <file>')
    .description('what a dataset file holds, and what training would make of it')
    .option('--template <name or Jinja>', 'the prompt: alpaca, question-answer, phi-3, none, or Jinja over the columns')
    .option('--steps <file>', 'JSON list of dataset steps; - reads it here')
    .addOption(
      new Option('--method <method>', 'what the rows are for; guessed where left out').choices([
        'lm',
        'sft',
        'classification',
        'reward',
        'dpo',
        'ppo',
      ]),
    )
    .addOption(
      new Option('--column <role=column>', 'what a column is used as, such as text=review; may be given again')
        .argParser(column)
        .default({}, 'guessed'),
    )
    .option('--header', 'the first line names the columns; guessed where left out')
    .option('--no-header', 'the first line is a row')
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(async (file: string, options: Options) => {
      const { opened, description } = await asOptionsSay(() => described(file, options));
      const { reason } = description;
      if (reason) console.error(inOptions(`${reason.message} ${reason.remedy}`));
      await print({ json: shown(opened, description), text: () => describe(opened, description) }, options);
    });
}

/** Throws why a template that was given can't be used; else it is told what prevents a part of the answer. */
function described(file: string, options: Options) {
  return withEngine(async (engine, call) => {
    const steps = options.steps === undefined ? [] : await readSteps(options.steps, call.signal);
    const request = requestOf(file, steps, options);
    const opened = await valueOf(engine.openDataset(request, call));
    const description = await valueOf(engine.describeDataset(request, call));
    if (options.template !== undefined && description.reason) throw Reasoned.from(description.reason);
    return { opened, description };
  });
}

function requestOf(file: string, steps: readonly DatasetStep[], options: Options): DatasetRequest {
  const { model, method, template, column, header } = options;
  return {
    model,
    ...(method && { method }),
    dataset: {
      file: resolve(file),
      steps,
      columns: column,
      ...(template !== undefined && { template }),
      ...(header !== undefined && { header }),
    },
  };
}

async function readSteps(file: string, signal: AbortSignal): Promise<readonly DatasetStep[]> {
  const name = file === '-' ? 'Standard input' : file;
  const text = await readText(file === '-' ? { text: file } : { file }, signal);
  let steps: unknown;
  try {
    steps = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new Reasoned(
      'steps-not-json',
      `${name} is not valid JSON: ${(cause as Error).message}.`,
      'Write a JSON list such as [{"filter": "label == \\"spam\\""}, {"take": 100}].',
      { cause },
    );
  }
  const request = { method: 'sft', model: 'starter', dataset: { file: name, steps } };
  const problem = problemsOf(request).find(({ path }) => path === 'dataset.steps');
  if (problem) throw Reasoned.from(problem.reason);
  return steps as readonly DatasetStep[];
}

/** `rows` are the file's; what each step leaves stands in `steps`. */
function shown(opened: OpenedDataset, description: DatasetDescription): object {
  const { lengths, classes, steps, columns, problems, problemCount, split } = description;
  return {
    rows: opened.rows,
    format: opened.format,
    header: opened.header,
    encoding: opened.encoding,
    columns,
    roles: opened.roles,
    method: opened.method,
    steps,
    tokens: lengths && {
      mean: lengths.mean,
      median: lengths.median,
      p95: lengths.p95,
      p99: lengths.p99,
      max: lengths.max,
    },
    classes: classes ?? null,
    split,
    problems,
    problemCount,
  };
}

function describe(opened: OpenedDataset, description: DatasetDescription): string {
  const { columns, steps, lengths, classes, split, problems, problemCount } = description;
  const roleOf = new Map(Object.entries(opened.roles).map(([role, name]) => [name, role]));
  const rows = columns.map(({ name, kind, distinct, missing }) => [
    name,
    kind,
    `${distinct ?? '> 1000'}`,
    `${missing}`,
    roleOf.get(name) ?? '',
  ]);
  const sections = [
    `${counted(opened.rows, 'row')} (${opened.format}, ${opened.encoding}${opened.separator ? `, separator ${JSON.stringify(opened.separator)}` : ''}${opened.header ? '' : ', no header'})`,
    table(['column', 'kind', 'distinct', 'missing', 'role'], rows, ['left', 'left', 'right', 'right', 'left']),
    steps.map(({ step, rows }) => `${step}: ${counted(rows, 'row')}`).join('\n'),
    lengths
      ? `tokens: mean ${figure(lengths.mean, 1)}, 95 % up to ${lengths.p95}, longest ${lengths.max}; ${lengths.beyond} beyond ${lengths.maxLength}`
      : '',
    classes
      ? `classes: ${classes
          .slice(0, 20)
          .map(({ label, count }) => `${label} ${count}`)
          .join(', ')}`
      : '',
    split ? `split: train ${split.train}, validation ${split.validation}, test ${split.test}` : '',
    problemCount > 0 ? problemLines(problems, problemCount) : '',
  ];
  return sections.filter(section => section !== '').join('\n\n');
}

const SHOWN_PROBLEMS = 20;

function problemLines(problems: DatasetDescription['problems'], count: number): string {
  const lines = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ row, line, message }) => `${line === undefined ? `row ${row + 1}` : `line ${line}`}: ${message}`);
  return [counted(count, 'problem'), ...lines, ...(count > SHOWN_PROBLEMS ? ['…'] : [])].join('\n');
}
