import type { Command } from 'commander';
import { type RowsOptions, rowsOf, rowsOptions } from '../datasetOptions.ts';
import { addDecodingOptions } from '../decoding.ts';
import { compareOptions, compareOutput, compareSection } from '../evaluation/compare.ts';
import { evaluated, type KeptWhere } from '../evaluation/evaluate.ts';
import { templateOption } from '../evaluation/generate.ts';
import { judgeOptions } from '../evaluation/judge.ts';
import type { TaskOptions } from '../evaluation/task.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  precisionOption,
  requireFloat32,
} from '../options.ts';
import { print } from '../output.ts';

interface Options extends JsonOption, DeviceOptions, RowsOptions, Pick<KeptWhere, 'evaluationsFolder'> {}

/** `evaluate --task compare` by the name that one looks for. */
export function compare(program: Command): void {
  const command = program
    .command('compare')
    .description(
      'two or more models on the same rows: their responses or likelihoods, and which does better how often',
    );
  for (const option of [...compareOptions(), ...rowsOptions(), templateOption(), ...judgeOptions()])
    command.addOption(option);
  addDecodingOptions(
    command
      .option('--prompt <template>', 'Jinja over the row’s columns: what the judge is asked')
      .option('--evaluations-folder <folder>', 'keep the comparison in a folder made there; Ctrl+C then only stops it'),
  )
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options & TaskOptions) => {
      requireFloat32(options);
      const section = compareSection(options);
      const request = { task: 'compare', device: options.device, ...rowsOf(options), ...section } as const;
      await print(compareOutput(await evaluated(request, options)), options);
    });
}
