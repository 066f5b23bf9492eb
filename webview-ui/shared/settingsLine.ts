import { type OptionName, type SettingsForm, usesOption } from '../../src/protocol/decodingOptions.ts';

const WORDS: Partial<Record<OptionName, (settings: SettingsForm) => string>> = {
  beams: ({ beams }) => `${beams} beams`,
  temperature: ({ temperature }) => `T ${temperature}`,
  topK: ({ topK }) => `top-k ${topK}`,
  topP: ({ topP }) => `top-p ${topP}`,
  minP: ({ minP }) => `min-p ${minP}`,
  typicalP: ({ typicalP }) => `typical ${typicalP}`,
  lengthPenalty: ({ lengthPenalty }) => `length penalty ${lengthPenalty}`,
  repetitionPenalty: ({ repetitionPenalty }) => `repetition ${repetitionPenalty}`,
  noRepeatNgram: ({ noRepeatNgram }) => `no repeat of ${noRepeatNgram}`,
  count: ({ count }) => `×${count}`,
  returned: ({ returned }) => `best ${returned}`,
  seed: ({ seed }) => `seed ${seed}`,
  stop: () => 'stops',
  ban: () => 'bans',
  bias: () => 'biases',
  maxNewTokens: ({ maxNewTokens }) => `${maxNewTokens} tokens`,
};

/** Settings in a line: `sample · T 0.8 · top-p 0.9 · 40 tokens`. Greyed options are left out. */
export function settingsLine(settings: SettingsForm): string {
  const names = Object.keys(WORDS) as OptionName[];
  const told = names.filter(name => settings[name] !== undefined && usesOption(settings.decoding, name));
  return [settings.decoding, ...told.map(name => WORDS[name]?.(settings) ?? '')].join(' · ');
}
