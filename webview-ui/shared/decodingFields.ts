import type { OptionName, SettingsForm } from '../../src/protocol/decodingOptions.ts';

/** An option as it is written in a form: its value as text, and back. Undefined: it is off. */
export interface DecodingField {
  readonly option: OptionName;
  readonly label: string;
  /** One sentence: what it does. */
  readonly meaning: string;
  /** What an empty field means. */
  readonly empty: string;
  readonly wide?: boolean;
  text(form: SettingsForm): string;
  /** What a person wrote that is no value comes back as it is, for the rules to refuse. */
  value(text: string): unknown;
}

const number = (option: OptionName, label: string, empty: string, meaning: string): DecodingField => ({
  option,
  label,
  empty,
  meaning,
  text: form => (form[option] === undefined ? '' : String(form[option])),
  value: text => (Number.isNaN(Number(text)) ? text : Number(text)),
});

const list = (
  option: OptionName,
  label: string,
  meaning: string,
  write: (item: never) => string,
  read: (text: string) => unknown,
): DecodingField => ({
  option,
  label,
  empty: 'none',
  meaning,
  wide: true,
  text: form => ((form[option] as readonly never[] | undefined) ?? []).map(write).join(', '),
  value: text =>
    text
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== '')
      .map(read),
});

const id = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);

const bias = (text: string): unknown => {
  const [, token, value] = /^(\d+)\s*:\s*([+-]?[\d.]+)$/.exec(text) ?? [];
  return token && value ? { id: Number(token), value: Number(value) } : text;
};

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1).replaceAll(',', '\\u002c');

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text.replaceAll(/(?<!\\)"/g, '\\"')}"`);
  } catch {
    return text; // a lone backslash stands for itself
  }
}

export const DECODING_FIELDS: readonly DecodingField[] = [
  number('maxNewTokens', 'New tokens', 'required', 'How many tokens are made at most.'),
  number('temperature', 'Temperature', '1', 'Under 1 makes likely tokens likelier, over 1 evens them out.'),
  number('topK', 'Top-k', 'off', 'Draws among this many of the likeliest tokens.'),
  number('topP', 'Top-p', 'off', 'Draws among the likeliest tokens that together hold this share.'),
  number('minP', 'Min-p', 'off', 'Leaves out tokens less likely than this share of the likeliest one.'),
  number(
    'typicalP',
    'Typical-p',
    'off',
    'Draws among tokens about as surprising as expected that together hold this share.',
  ),
  number('seed', 'Seed', 'random', 'The same seed gives the same text.'),
  number('count', 'Samples', '1', 'How many texts are drawn.'),
  number('beams', 'Beams', 'required', 'How many texts are kept side by side.'),
  number(
    'lengthPenalty',
    'Length penalty',
    '1',
    'Scores are divided by the length to this power: above 0 favours long texts.',
  ),
  number('returned', 'Returned', '1', 'How many of the beams are shown.'),
  number('repetitionPenalty', 'Repetition penalty', 'off', 'Above 1 makes tokens that were there before less likely.'),
  number('noRepeatNgram', 'No-repeat n-gram', 'off', 'No run of this many tokens comes twice.'),
  list(
    'stop',
    'Stop at',
    'Texts that end the generation, with commas between; \\n is a line break.',
    escaped,
    unescaped,
  ),
  list('ban', 'Banned ids', 'Ids of tokens that never come, with commas between.', String, id),
  list(
    'bias',
    'Bias',
    'Added to the logits of tokens: id: value, with commas between.',
    ({ id, value }: { id: number; value: number }) => `${id}: ${value}`,
    bias,
  ),
];
