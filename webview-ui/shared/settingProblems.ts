import { type SettingsForm, settingsOf } from '../../src/protocol/decodingOptions.ts';
import type { Reason } from '../../src/protocol/result.ts';
import { settingsProblems } from '../../src/protocol/settingsProblems.ts';
import { FIELD_GROUPS } from './settingFields.ts';

/** What is wrong with settings, by option; greyed options do not count. */
export const problemsOf = (settings: SettingsForm): ReadonlyMap<string, Reason> =>
  new Map(
    settingsProblems(settingsOf(settings) as unknown as Record<string, unknown>, titleOf).map(({ option, reason }) => [
      option,
      reason,
    ]),
  );

const titleOf = (option: string): string =>
  FIELD_GROUPS.flatMap(({ fields }) => fields).find(({ name }) => name === option)?.title ?? option;
