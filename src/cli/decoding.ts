import { type Command, InvalidArgumentError, Option } from 'commander';
import { OPTION_MODES } from '../protocol/decodingOptions.ts';
import type { CommonSettings, DecodingSettings } from '../protocol/generation.ts';
import { settingsProblems } from '../protocol/settingsProblems.ts';
import { wrongUsage } from './failure.ts';

// The options of decoding, for every command that generates.

/** Names of options that are called otherwise in the settings. */
const RENAMED: Readonly<Record<string, string>> = { returned: 'return' };

/** The option of a setting. */
export const flagOf = (option: string): string =>
  `--${(RENAMED[option] ?? option).replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

export function addDecodingOptions(command: Command): Command {
  // Commander would take a name that begins with “no” for the opposite of another.
  const noRepeat = number('--no-repeat-ngram <tokens>', 'no n-gram of so many tokens comes twice');
  noRepeat.negate = false;
  return command
    .addOption(new Option('--decoding <mode>', 'greedy, beam or sample').default('greedy'))
    .addOption(number('--max-new-tokens <count>', 'tokens to make at most').default(40))
    .addOption(number('--beams <count>', 'beams to search with'))
    .addOption(number('--length-penalty <power>', 'beam scores are divided by the length to this power'))
    .option('--early-stopping', 'beam search ends as soon as there are as many finished texts as beams')
    .addOption(number('--return <count>', 'how many of the beams to return'))
    .addOption(number('--temperature <degree>', 'above 1 flattens the distribution, below 1 sharpens it'))
    .addOption(number('--top-k <count>', 'draw from the likeliest so many tokens'))
    .addOption(number('--top-p <share>', 'draw from the likeliest tokens that together have this share'))
    .addOption(number('--min-p <share>', 'draw from tokens with this share of the likeliest one’s probability'))
    .addOption(number('--typical-p <share>', 'draw from tokens of typical surprisal that together have this share'))
    .addOption(number('--repetition-penalty <factor>', 'above 1 makes tokens that came before less likely'))
    .addOption(noRepeat)
    .addOption(number('--seed <number>', 'the same seed gives the same text'))
    .addOption(number('--count <count>', 'samples to draw'))
    .addOption(new Option('--stop <text>', 'end before this text; may be given several times').argParser(each))
    .addOption(new Option('--ban <ids>', 'token ids that never come, such as 13,198').argParser(list))
    .addOption(new Option('--bias <id=number>', 'add to a token’s logit; may be given several times').argParser(bias))
    .addOption(new Option('--past-context <how>', 'at the end of the context: stop, or slide to its newest half'));
}

/** What commander makes of these options; each may be of another mode. */
export type DecodingOptions = Readonly<Record<string, unknown>>;

const NAMES = ['decoding', ...Object.keys(OPTION_MODES)];
/** By which commander knows them. */
export const DECODING_NAMES = NAMES.map(name => RENAMED[name] ?? name);

/** The settings that were asked for. Throws wrong usage, which names the option, its value and what it may be. */
export function decodingSettings(options: DecodingOptions): DecodingSettings {
  const given = NAMES.map(name => [name, options[RENAMED[name] ?? name]] as const);
  const settings = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const [problem] = settingsProblems(settings, flagOf);
  if (problem) throw wrongUsage(problem.reason.message, problem.reason.remedy);
  return settings as unknown as DecodingSettings;
}

function number(flags: string, description: string): Option {
  return new Option(flags, description).argParser(numberOf);
}

function numberOf(value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || Number.isNaN(parsed)) throw new InvalidArgumentError('It must be a number.');
  return parsed;
}

const each = (value: string, before: readonly string[] = []): string[] => [...before, value];
const list = (value: string): number[] => value.split(',').map(numberOf);

function bias(value: string, before: NonNullable<CommonSettings['bias']> = []): CommonSettings['bias'] {
  const [id, added, ...more] = value.split('=');
  if (id === undefined || added === undefined || more.length > 0)
    throw new InvalidArgumentError('It must be like 13=2.5.');
  return [...before, { id: numberOf(id), value: numberOf(added) }];
}
