import { type DecodingMode, type OptionName, usesOption, whyUnused } from './decodingOptions.ts';
import type { DecodingSettings } from './generation.ts';
import { OPTION_RULES, type OptionRule, REQUIRED_OPTIONS } from './optionRules.ts';
import type { Reason } from './result.ts';

export interface SettingsProblem {
  readonly option: string;
  readonly reason: Reason;
}

/**
 * What is wrong with settings that may come from anywhere; empty where they are `DecodingSettings`. An option that is
 * undefined is absent. `nameOf` gives the name by which the user knows an option.
 */
export function settingsProblems(
  settings: Readonly<Record<string, unknown>>,
  nameOf: (option: string) => string = option => option,
): SettingsProblem[] {
  const mode = settings['decoding'] as DecodingMode;
  if (!Object.hasOwn(REQUIRED_OPTIONS, mode)) {
    const remedy = `It must be one of ${Object.keys(REQUIRED_OPTIONS).join(', ')}.`;
    return [problem('decoding', 'invalid', `There is no decoding ${JSON.stringify(mode)}.`, remedy)];
  }
  const problems = REQUIRED_OPTIONS[mode]
    .filter(option => settings[option] === undefined)
    .map(option => problem(option, 'missing', `${nameOf(option)} is missing.`, mustBe(OPTION_RULES[option])));
  for (const [option, value] of Object.entries(settings)) {
    if (option === 'decoding' || value === undefined) continue;
    const found = problemOfOption(option, value, mode, nameOf(option));
    if (found) problems.push(found);
  }
  return problems.length > 0 ? problems : contradictions(settings as unknown as DecodingSettings, nameOf);
}

function problemOfOption(
  option: string,
  value: unknown,
  mode: DecodingMode,
  name: string,
): SettingsProblem | undefined {
  const written = `${name} is ${JSON.stringify(value)}`;
  if (!Object.hasOwn(OPTION_RULES, option))
    return problem(option, 'unknown', `${written}, and there is no such option.`, 'Leave it out.');
  if (!usesOption(mode, option as OptionName)) {
    const message = `${written}. ${whyUnused(mode, option as OptionName)}`;
    return problem(option, 'unused', message, 'Leave it out, or choose another decoding.');
  }
  const rule = OPTION_RULES[option as OptionName];
  if (rule.allows(value)) return undefined;
  return problem(option, 'invalid', `${written}.`, rule.instead?.(value) ?? mustBe(rule));
}

function contradictions(settings: DecodingSettings, nameOf: (option: string) => string): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (settings.decoding === 'beam' && (settings.returned ?? 1) > settings.beams) {
    const message = `${nameOf('returned')} is ${settings.returned}, and there are only ${settings.beams} beams.`;
    problems.push(problem('returned', 'contradictory', message, 'Ask for fewer, or search with more beams.'));
  }
  const both = settings.bias?.find(({ id }) => settings.ban?.includes(id));
  if (both) {
    const message = `The token with id ${both.id} is in ${nameOf('bias')} and in ${nameOf('ban')}.`;
    problems.push(problem('bias', 'contradictory', message, 'Leave one out: a token that is banned never comes.'));
  }
  return problems;
}

const mustBe = ({ must }: OptionRule): string => `It must be ${must}.`;

const problem = (option: string, kind: string, message: string, remedy: string): SettingsProblem => ({
  option,
  reason: { code: `setting-${kind}`, message, remedy },
});
