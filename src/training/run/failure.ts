import { systemCode } from '../../models/files.ts';
import { type Reason, reasonOf } from '../../protocol/result.ts';

/** What helps a run, where a reason may come from anywhere. */
const REMEDIES: Readonly<Record<string, string>> = {
  'disk-full':
    'Free some space, or set training.keepCheckpoints lower, then resume the run: its last checkpoint is whole.',
  'out-of-memory':
    'Make training.batchSize smaller and training.accumulation larger by as much, cut texts with training.maxLength, or train fewer layers.',
  unexpected: 'The run’s log.txt has the details. Resume the run to go on from its last checkpoint.',
};

/** Why a run failed, as its status says it. */
export function failureOf(error: unknown): Reason {
  const reason = isOutOfMemory(error) ? NO_MEMORY : reasonOf(error);
  return { ...reason, remedy: REMEDIES[reason.code] ?? reason.remedy };
}

const NO_MEMORY: Reason = { code: 'out-of-memory', message: 'There was not enough memory.', remedy: '' };

/** What Node throws where an array can't be had, or memory for a system call. */
const isOutOfMemory = (error: unknown): boolean =>
  systemCode(error) === 'ENOMEM' ||
  (error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message));
