import type { CurvesRun } from '../../src/protocol/panels/trainingCurves.ts';
import { STATE_WORDS } from '../../src/protocol/run/words.ts';

/** What a screen reader is told: that a run has another state, never its numbers. Null: nothing. */
export function announcement(before: readonly CurvesRun[], now: readonly CurvesRun[]): string | null {
  const told = now.flatMap(({ folder, title, state, status }) => {
    const earlier = before.find(run => run.folder === folder);
    if (!earlier || earlier.state === state) return [];
    const why = state === 'failed' && status?.error ? `: ${status.error.message}` : '';
    return [`${title} is ${STATE_WORDS[state]}${why}.`];
  });
  return told.length > 0 ? told.join(' ') : null;
}
