import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { EvaluationRequest, TaskName } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';
import { readEvaluation } from '../../protocol/evaluation/reading.ts';
import { type RowsOptions, rowsOf, rowsOptions } from '../datasetOptions.ts';
import { addDecodingOptions } from '../decoding.ts';
import { evaluated, type KeptWhere } from '../evaluation/evaluate.ts';
import { TASKS } from '../evaluation/index.ts';
import type { TaskCommand, TaskOptions } from '../evaluation/task.ts';
import { wrongUsage } from '../failure.ts';
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
      requireFloat32(options);
      const request = options.resume === undefined ? await requestOf(options) : await requestIn(options.resume);
      const task = taskNamed(request.task);
      await inScratchFolder(task, options, async where => {
        const outcome = await evaluated(request, where);
        await print(await task.output(outcome, options), options);
      });
    });
}

/** Gives a folder to a task that needs one and has none; it is gone when all went well, else it can be gone on with. */
async function inScratchFolder(
  { needsFolder = false }: TaskCommand,
  { evaluationsFolder, resume }: KeptWhere,
  work: (where: KeptWhere) => Promise<void>,
): Promise<void> {
  const where = {
    ...(evaluationsFolder !== undefined && { evaluationsFolder }),
    ...(resume !== undefined && { resume }),
  };
  if (!needsFolder || Object.keys(where).length > 0) return work(where);
  const scratch = await mkdtemp(join(tmpdir(), 'lm-lab-evaluation-'));
  await work({ evaluationsFolder: scratch });
  await rm(scratch, { recursive: true, force: true });
}

/** The request that the options make, with absolute paths. */
async function requestOf(options: Options & TaskOptions): Promise<EvaluationRequest> {
  const task = taskNamed(options.task);
  const { model, device } = options;
  return { task: task.name, models: [model], device, ...rowsOf(options), ...(await task.section(options)) };
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
