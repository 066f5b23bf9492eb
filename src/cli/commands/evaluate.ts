import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { EvaluationRequest, TaskName } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';
import { readEvaluation } from '../../protocol/evaluation/reading.ts';
import { type RowsOptions, rowsOf, rowsOptions } from '../datasetOptions.ts';
import { addDecodingOptions } from '../decoding.ts';
import { evaluated, type KeptWhere } from '../evaluation/evaluate.ts';
import { requireEffect, requireEffectOnResuming, requireEffectOnTexts } from '../evaluation/effect.ts';
import { TASKS } from '../evaluation/index.ts';
import { inScratchFolder } from '../evaluation/scratch.ts';
import type { TaskCommand, TaskOptions } from '../evaluation/task.ts';
import { wrongUsage } from '../failure.ts';
import { asOptionsSay } from '../fields.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelOption,
  type ModelOption,
  precisionOption,
} from '../options.ts';
import { print } from '../output.ts';

interface Options extends JsonOption, ModelOption, DeviceOptions, KeptWhere, RowsOptions {
  readonly task?: string;
}

export function evaluate(program: Command): void {
  const tasks = TASKS.map(({ name, description }) => `${name}: ${description}`).join('; ');
  const command = program
    .command('evaluate')
    .description('how well a model does a task, over the rows of a dataset file')
    .addOption(new Option('--task <task>', tasks))
    .option('--prompt <template>', 'Jinja over the row’s columns: what the model is asked')
    .option('--evaluations-folder <folder>', 'keep the evaluation in a folder made there; Ctrl+C then only stops it')
    .option('--resume <folder>', 'go on with the evaluation of this folder');
  for (const option of rowsOptions()) command.addOption(option);
  for (const { options } of TASKS) for (const option of options) command.addOption(option);
  addDecodingOptions(command)
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options & TaskOptions) => {
      if (options.resume !== undefined) return resumed(options.resume, options, command);
      const task = taskNamed(options.task);
      requireEffect(command, task.name);
      await asOptionsSay(async () => {
        const request = await requestOf(task, options);
        requireEffectOnTexts(command, request);
        await done(task, request, options);
      });
    });
}

async function resumed(folder: string, options: Options & TaskOptions, command: Command): Promise<void> {
  const request = await requestIn(folder);
  requireEffectOnResuming(command);
  await done(taskNamed(request.task), request, options);
}

/** Evaluates and prints; a task that needs a folder and has none is given one. */
async function done(task: TaskCommand, request: EvaluationRequest, options: Options & TaskOptions): Promise<void> {
  const printed = async (where: KeptWhere): Promise<void> =>
    print(await task.output(await evaluated(request, where), options), options);
  const { evaluationsFolder, resume } = options;
  if (task.needsFolder && evaluationsFolder === undefined && resume === undefined)
    return inScratchFolder(scratch => printed({ evaluationsFolder: scratch, scratch: true }));
  return printed({
    ...(evaluationsFolder !== undefined && { evaluationsFolder }),
    ...(resume !== undefined && { resume }),
  });
}

/** The request that the options make, with absolute paths. */
async function requestOf(task: TaskCommand, options: Options & TaskOptions): Promise<EvaluationRequest> {
  const { model, device, precision } = options;
  const placing = { device, ...(precision && { precision }) };
  return { task: task.name, models: [model], ...placing, ...rowsOf(options), ...(await task.section(options)) };
}

async function requestIn(folder: string): Promise<EvaluationRequest> {
  const reading = await readEvaluation(resolve(folder));
  if (reading) return reading.request;
  throw new Reasoned(
    'evaluation-missing',
    `"${folder}" is no evaluation: it has no evaluation.json that can be read.`,
    'Give the folder of an evaluation, or start one anew.',
  );
}

function taskNamed(name: TaskName | string | undefined): TaskCommand {
  const task = TASKS.find(task => task.name === name);
  if (task) return task;
  const what = name === undefined ? 'There must be a --task.' : `There is no task "${name}".`;
  throw wrongUsage(what, `It must be ${TASKS.map(({ name }) => name).join(', ')}.`);
}
