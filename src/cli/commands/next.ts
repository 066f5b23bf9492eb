import type { Command } from 'commander';
import { visibleText } from '../../protocol/heat.ts';
import { valueOf } from '../../protocol/result.ts';
import { loadWithNote } from '../classifierNote.ts';
import { readText, type TextSource } from '../input.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelChoice,
  modelOption,
  type ModelOption,
  precisionOption,
  textOption,
  topOption,
} from '../options.ts';
import { percent, print, table } from '../output.ts';
import { withEngine } from '../session.ts';

type Options = JsonOption & ModelOption & DeviceOptions & TextSource & { readonly top: number };

export function next(program: Command): void {
  program
    .command('next')
    .description('the likeliest next tokens after a text')
    .addOption(textOption().makeOptionMandatory())
    .addOption(topOption(10))
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { context, predictions } = await withEngine(async (engine, call) => {
        const text = await readText(options, call.signal);
        await loadWithNote(engine, modelChoice(options), call);
        return valueOf(engine.next({ ...modelChoice(options), top: options.top, text }, call));
      });
      const rows = predictions.map(({ rank, id, probability, text }) => [
        `${rank}`,
        percent(probability),
        `${id}`,
        visibleText(text),
      ]);
      const text = (): string =>
        table(['rank', 'probability', 'id', 'token'], rows, ['right', 'right', 'right', 'left']);
      await print({ json: { context, predictions }, text }, options);
    });
}
