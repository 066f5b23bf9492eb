import type { BeamSettings, CommonSettings, DecodingSettings, SampleSettings } from './generation.ts';

export type DecodingMode = DecodingSettings['decoding'];

type Options = CommonSettings & Omit<BeamSettings, 'decoding'> & Omit<SampleSettings, 'decoding'>;
export type OptionName = keyof Options;

/** Settings as they stand in a form: options of other modes are kept there, greyed, for when the mode changes back. */
export type SettingsForm = CommonSettings & {
  readonly decoding: DecodingMode;
} & { readonly [Name in Exclude<OptionName, keyof CommonSettings>]?: Options[Name] };

const EVERY_MODE: readonly DecodingMode[] = ['greedy', 'beam', 'sample'];

/** Which modes use an option. */
export const OPTION_MODES: Readonly<Record<OptionName, readonly DecodingMode[]>> = {
  maxNewTokens: EVERY_MODE,
  repetitionPenalty: EVERY_MODE,
  noRepeatNgram: EVERY_MODE,
  stop: EVERY_MODE,
  bias: EVERY_MODE,
  ban: EVERY_MODE,
  pastContext: EVERY_MODE,
  beams: ['beam'],
  lengthPenalty: ['beam'],
  earlyStopping: ['beam'],
  returned: ['beam'],
  temperature: ['sample'],
  topK: ['sample'],
  topP: ['sample'],
  minP: ['sample'],
  typicalP: ['sample'],
  seed: ['sample'],
  count: ['sample'],
};

export const usesOption = (mode: DecodingMode, option: OptionName): boolean => OPTION_MODES[option].includes(mode);

/** Why an option is greyed in a mode. */
export function whyUnused(mode: DecodingMode, option: OptionName): string {
  const user = OPTION_MODES[option].includes('beam') ? 'beam search' : 'sampling';
  return `Only ${user} uses it: ${WHAT_A_MODE_DOES[mode]}.`;
}

const WHAT_A_MODE_DOES: Readonly<Record<DecodingMode, string>> = {
  greedy: 'greedy decoding always takes the likeliest token',
  beam: 'beam search keeps the likeliest texts, and draws nothing',
  sample: 'sampling draws one token after another',
};

/** What a request is made of: the options of the form that its mode uses. */
export function settingsOf(form: SettingsForm): DecodingSettings {
  const used = Object.entries(form).filter(
    ([name]) => name === 'decoding' || usesOption(form.decoding, name as OptionName),
  );
  return Object.fromEntries(used) as unknown as DecodingSettings;
}
