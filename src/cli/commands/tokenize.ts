import type { Command } from 'commander';
import { visibleText } from '../../protocol/heat.ts';
import { valueOf } from '../../protocol/result.ts';
import { readText, type TextSource } from '../input.ts';
import { jsonOption, type JsonOption, modelOption, type ModelOption, textOption } from '../options.ts';
import { print, table } from '../output.ts';
import { withEngine } from '../session.ts';

type Options = JsonOption & ModelOption & TextSource;

export function tokenize(program: Command): void {
  program
    .command('tokenize')
    .description('how a model cuts a text into tokens')
    .addOption(textOption().makeOptionMandatory())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const tokens = await withEngine(async (engine, call) =>
        valueOf(engine.tokenize({ model: options.model, text: await readText(options, call.signal) }, call)),
      );
      const rows = tokens.map(({ id, start, end, text }) => [`${id}`, `${start}–${end}`, visibleText(text)]);
      const text = (): string => table(['id', 'offsets', 'token'], rows, ['right', 'right', 'left']);
      await print({ json: { tokens }, text }, options);
    });
}
