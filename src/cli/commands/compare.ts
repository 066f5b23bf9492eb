import type { Command } from 'commander';
import type { DevicePreference } from '../../protocol/engine.ts';
import type { Precision } from '../../protocol/precision.ts';
import { type RowsOptions, rowsOf, rowsOptions } from '../datasetOptions.ts';
import { addDecodingOptions } from '../decoding.ts';
import { compareOptions, compareOutput, compareSection } from '../evaluation/compare.ts';
import { requireEffectOnTexts } from '../evaluation/effect.ts';
import { evaluated, type KeptWhere } from '../evaluation/evaluate.ts';
import { templateOption } from '../evaluation/generate.ts';
import { judgeOptions } from '../evaluation/judge.ts';
import type { TaskOptions } from '../evaluation/task.ts';
import { wrongUsage } from '../failure.ts';
import { asOptionsSay } from '../fields.ts';
import { devicesOption, jsonOption, type JsonOption, precisionsOption } from '../options.ts';
import { print } from '../output.ts';

interface Options extends JsonOption, RowsOptions, Pick<KeptWhere, 'evaluationsFolder'> {
  readonly device: readonly DevicePreference[];
  readonly precision?: readonly Precision[];
}

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
    .addOption(devicesOption())
    .addOption(precisionsOption())
    .addOption(jsonOption())
    .action(async (options: Options & TaskOptions) => {
      const section = compareSection(options);
      requireEffectOnTexts(command, section);
      const devices = oneForEach(options.device, section.models, '--device');
      const { precision } = options;
      const precisions = precision && oneForEach(precision, section.models, '--precision');
      const placing = { devices, ...(precisions && { precisions }) };
      const request = { task: 'compare', ...placing, ...rowsOf(options), ...section } as const;
      await print(compareOutput(await asOptionsSay(() => evaluated(request, options))), options);
    });
}

/** Throws wrong usage where there are neither as many as models nor one. */
function oneForEach<T>(given: readonly T[], models: readonly string[], option: string): T[] {
  if (given.length === models.length) return [...given];
  const [only] = given;
  if (given.length === 1 && only !== undefined) return models.map(() => only);
  throw wrongUsage(
    `${option} has ${given.length} values for ${models.length} models.`,
    'Give one for all, or one for each.',
  );
}
