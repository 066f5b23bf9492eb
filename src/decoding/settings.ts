import type { DecodingSettings } from '../protocol/generation.ts';
import { Reasoned } from '../protocol/result.ts';
import { settingsProblems } from '../protocol/settingsProblems.ts';

/**
 * Refuses settings that say something wrong, or something that their mode does not use.
 * @throws Reasoned `settings-missing`, and `setting-…` with the option's name, its value and what it may be.
 */
export function requireSettings(columns: readonly DecodingSettings[]): void {
  if (columns.length === 0)
    throw new Reasoned('settings-missing', 'There are no decoding settings.', 'Add at least one column of settings.');
  for (const settings of columns) {
    const [problem] = settingsProblems(settings as unknown as Record<string, unknown>);
    if (problem) throw Reasoned.from(problem.reason);
  }
}

/**
 * Refuses ids that the model does not have. `where` tells which option or list they stand in.
 * @throws Reasoned `token-unknown`.
 */
export function requireIds(ids: readonly number[], vocabularySize: number, where: string): void {
  const unknown = ids.find(id => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
  if (unknown === undefined) return;
  throw new Reasoned(
    'token-unknown',
    `${where} names the token ${unknown}, and this model has ids from 0 to ${vocabularySize - 1}.`,
    'Look the id up with “tokenize” for this model.',
  );
}

export function requireIdsOf({ bias = [], ban = [] }: DecodingSettings, vocabularySize: number): void {
  requireIds(
    bias.map(({ id }) => id),
    vocabularySize,
    'bias',
  );
  requireIds(ban, vocabularySize, 'ban');
}
