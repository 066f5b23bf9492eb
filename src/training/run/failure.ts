import { systemCode } from '../../models/files.ts';
import { type Reason, reasonOf } from '../../protocol/result.ts';

/** Why a run failed, as its status says it. */
export function failureOf(error: unknown): Reason {
  if (isOutOfMemory(error))
    return {
      code: 'out-of-memory',
      message: 'There was not enough memory.',
      remedy:
        'Make training.batchSize smaller and training.accumulation larger by as much, cut texts with training.maxLength, or train fewer layers.',
    };
  const reason = reasonOf(error);
  if (reason.code !== 'unexpected') return reason;
  return { ...reason, remedy: 'The run’s log.txt has the details. Resume the run to go on from its last checkpoint.' };
}

/** What Node throws where an array can't be had, or a process started. */
const isOutOfMemory = (error: unknown): boolean =>
  systemCode(error) === 'ENOMEM' ||
  (error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message));
