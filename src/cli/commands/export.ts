import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ExportModelRequest } from '../../protocol/export.ts';
import type { Precision } from '../../protocol/precision.ts';
import { valueOf } from '../../protocol/result.ts';
import { jsonOption, type JsonOption, modelOption, type ModelOption, precisionOption } from '../options.ts';
import { print } from '../output.ts';
import { withEngine } from '../session.ts';

interface Options extends JsonOption, ModelOption {
  readonly format: ExportModelRequest['format'];
  readonly out: string;
  readonly merge?: boolean;
  readonly precision?: Precision;
}

export function exportModel(program: Command): void {
  program
    .command('export')
    .description('write a model for other programs: a Hugging Face folder, or one with an ONNX graph')
    .addOption(modelOption())
    .addOption(new Option('--format <format>').choices(['safetensors', 'onnx']).makeOptionMandatory())
    .requiredOption('--out <folder>', 'made where it is missing; it must be empty')
    .option('--merge', 'an adapter becomes one model with its base')
    .addOption(precisionOption('what the weights are written in: int8 and int4 with onnx only'))
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { model, format, out, merge = false, precision } = options;
      const { files } = await withEngine((engine, call) =>
        valueOf(
          engine.exportModel({ model, format, folder: resolve(out), merge, ...(precision && { precision }) }, call),
        ),
      );
      await print({ json: { files }, text: () => files.join('\n') }, options);
    });
}
