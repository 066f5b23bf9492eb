import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CANCELLED, Reasoned } from '../../protocol/result.ts';
import { createRun, RUNS_FOLDER } from '../../protocol/run/create.ts';
import type { RunResult } from '../../protocol/run/folder.ts';
import { requestOfText } from '../../protocol/run/text.ts';
import { wrongUsage } from '../failure.ts';
import { readTextFile } from '../input.ts';
import { interruption } from '../interruption.ts';
import { jsonOption, type JsonOption } from '../options.ts';
import { figure, print, table } from '../output.ts';
import { progressReporter } from '../progress.ts';
import { STARTER, TORCH_PACKAGE } from '../session.ts';

interface Options extends JsonOption {
  readonly runsFolder?: string;
  readonly resume?: string;
  readonly export?: string;
}

export function train(program: Command): void {
  program
    .command('train [run.json]')
    .description('fine-tune a model as a run.json says, or go on with a run; Ctrl+C saves and stops')
    .option('--runs-folder <folder>', `where the run’s folder is made (default: ${RUNS_FOLDER})`)
    .option('--resume <run>', 'go on with the run of this folder, from its newest checkpoint')
    .option('--export <folder>', 'train nothing: write a folder that PyTorch trains elsewhere, by one command')
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: Options) => {
      if (options.export !== undefined) return exported(file, options.export, options);
      const folder = await runFolder(file, options);
      process.stderr.write(`${folder}\n`);
      const result = await trained(folder);
      await print({ json: result, text: () => describe(result, folder) }, options);
    });
}

async function runFolder(file: string | undefined, { resume, runsFolder }: Options): Promise<string> {
  if ((file === undefined) === (resume === undefined))
    throw wrongUsage('There must be one of a run.json and --resume.', 'Give a run.json to start, or --resume RUN.');
  if (resume !== undefined) return resolve(resume);
  const request = requestOfText(await readTextFile(file as string), file as string);
  return createRun({ request, base: dirname(resolve(file as string)), runsFolder: resolve(runsFolder ?? RUNS_FOLDER) });
}

/** Writes the run of a request as a folder that needs nothing of ours. */
async function exported(file: string | undefined, folder: string, options: Options): Promise<void> {
  if (file === undefined || options.resume !== undefined)
    throw wrongUsage('There must be a run.json to export.', 'Give the run.json of a request, or of a run.');
  const request = requestOfText(await readTextFile(file), file);
  const target = resolve(folder);
  const progress = progressReporter(process.stderr);
  const { exportRun } = await import('../../trainer/exportRun.ts');
  const { signal, end } = interruption();
  try {
    const places = { starterFolder: STARTER, torchPackage: TORCH_PACKAGE };
    await exportRun({ request, base: dirname(resolve(file)), target, signal, onProgress: progress.report, ...places });
  } finally {
    progress.end();
    end();
  }
  const command = `sh ${join(target, 'train.sh')}`;
  await print({ json: { folder: target, command }, text: () => `Train it with: ${command}` }, options);
}

/** Trains with progress; a first Ctrl+C asks to save and stop, a second ends the process at once. */
async function trained(folder: string): Promise<RunResult> {
  const { signal, end } = interruption();
  const progress = progressReporter(process.stderr);
  try {
    const { trainRun } = await import('../../trainer/trainRun.ts');
    const places = { starterFolder: STARTER, torchPackage: TORCH_PACKAGE };
    const options = { ...places, signal, onProgress: progress.report };
    const result = await trainRun(folder, options);
    if (result) return result;
  } finally {
    progress.end();
    end();
  }
  throw new Reasoned(
    CANCELLED,
    `Training was stopped; the run is saved in ${folder}.`,
    'Go on with lm-lab train --resume and this folder.',
  );
}

function describe({ metrics, steps, wallSeconds, peakMemoryBytes, notes = [] }: RunResult, folder: string): string {
  const parts = Object.entries(metrics);
  const names = [...new Set(parts.flatMap(([, figures]) => Object.keys(figures)))];
  const rows = parts.map(([part, figures]) => [part, ...names.map(name => figure(figures[name] ?? null, 4))]);
  const work = `${steps} steps in ${figure(wallSeconds, 0)} s, at most ${figure(peakMemoryBytes / 1e9, 1)} GB of memory`;
  const align = ['left' as const, ...names.map(() => 'right' as const)];
  return [work, table(['', ...names], rows, align), ...notes, `The model is in ${join(folder, 'model')}`].join('\n');
}
