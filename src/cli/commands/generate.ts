import { type Command, Option } from 'commander';
import { valueOf } from '../../protocol/result.ts';
import { loadWithNote } from '../classifierNote.ts';
import { addDecodingOptions, type DecodingOptions, decodingSettings } from '../decoding.ts';
import { describeGeneration, showText } from '../generation.ts';
import { readText } from '../input.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelChoice,
  modelOption,
  type ModelOption,
  precisionOption,
  topOption,
} from '../options.ts';
import { print } from '../output.ts';
import { withEngine } from '../session.ts';

interface Options extends JsonOption, ModelOption, DeviceOptions {
  readonly prompt: string;
  readonly top: number;
}

export function generate(program: Command): void {
  const command = program
    .command('generate')
    .description('go on from a prompt, with each token’s probability and rank')
    .addOption(new Option('--prompt <text>', 'the text to go on from; - reads standard input').makeOptionMandatory());
  addDecodingOptions(command)
    .addOption(topOption(0))
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options & DecodingOptions) => {
      const settings = decodingSettings(options);
      // One text is shown while it is made, to whoever watches.
      const shown =
        process.stderr.isTTY && settings.decoding !== 'beam' && !('count' in settings && (settings.count ?? 1) > 1);
      const { top } = options;
      const { columns } = await withEngine(async (engine, { signal, onProgress }) => {
        const prompt = await readText({ text: options.prompt }, signal);
        await loadWithNote(engine, modelChoice(options), { signal, onProgress });
        const call = shown ? { signal, onUpdate: showText } : { signal, onProgress };
        return valueOf(engine.generate({ ...modelChoice(options), prompt, settings: [settings], top }, call));
      });
      if (shown) process.stderr.write('\n');
      const { generations = [], seed } = columns[0] ?? {};
      const json = { generations, ...(seed !== undefined && { seed }) };
      const textIsThere = shown && process.stdout.isTTY;
      await print(
        { json, text: () => generations.map(each => describeGeneration(each, textIsThere)).join('\n\n') },
        options,
      );
    });
}
