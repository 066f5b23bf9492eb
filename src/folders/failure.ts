import { systemCode } from '../models/files.ts';
import { type Reason, reasonOf } from '../protocol/result.ts';

/** Why the work on a folder failed, as its status says it; `remedies` are those that suit this work, by code. */
export function failureOf(error: unknown, remedies: Readonly<Record<string, string>>): Reason {
  const reason = isOutOfMemory(error) ? NO_MEMORY : reasonOf(error);
  return { ...reason, remedy: remedies[reason.code] ?? reason.remedy };
}

const NO_MEMORY: Reason = { code: 'out-of-memory', message: 'There was not enough memory.', remedy: '' };

/** What Node throws where an array can't be had, or memory for a system call. */
const isOutOfMemory = (error: unknown): boolean =>
  systemCode(error) === 'ENOMEM' ||
  (error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message));
