import type { Command } from 'commander';
import type { Classified } from '../../protocol/classify.ts';
import { Reasoned, valueOf } from '../../protocol/result.ts';
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
} from '../options.ts';
import { percent, print, table } from '../output.ts';
import { withEngine } from '../session.ts';

type Options = JsonOption & ModelOption & DeviceOptions & TextSource;

export function classify(program: Command): void {
  program
    .command('classify')
    .description('the label of a text, and the probability of each, by a fine-tuned classifier')
    .addOption(textOption().makeOptionMandatory())
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { labels, texts } = await withEngine(async (engine, call) => {
        const text = await readText(options, call.signal);
        if (text === '') throw new Reasoned('text-empty', 'The text is empty.', 'Give a text with a word in it.');
        return valueOf(engine.classify({ ...modelChoice(options), texts: [text] }, call));
      });
      const [found] = texts as [Classified['texts'][number]];
      if (found.cutTokens > 0) console.error(`${found.cutTokens} tokens beyond the model’s context were not read.`);
      const probabilities = Object.fromEntries(labels.map((label, at) => [label, found.probabilities[at] as number]));
      const text = (): string => {
        const rows = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
        const shown = rows.map(([label, probability]) => [percent(probability), label]);
        return `${found.label}\n${table(['probability', 'label'], shown, ['right', 'left'])}`;
      };
      await print({ json: { label: found.label, probabilities }, text }, options);
    });
}
