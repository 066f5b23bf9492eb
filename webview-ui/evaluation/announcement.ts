import type { ShownEvaluation } from '../../src/protocol/panels/evaluation.ts';
import { EVALUATION_WORDS } from '../../src/protocol/evaluation/words.ts';

/** What a screen reader is told: that the evaluation has another state, never its numbers. Null: nothing. */
export function announcement(before: ShownEvaluation | null, now: ShownEvaluation | null): string | null {
  if (!now || before?.folder !== now.folder || before.state === now.state) return null;
  const why = now.state === 'failed' && now.status?.error ? `: ${now.status.error.message}` : '';
  return `${now.title} is ${EVALUATION_WORDS[now.state]}${why}.`;
}
