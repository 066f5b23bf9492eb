import type { TokenProbabilitiesSnapshot } from '../../src/protocol/panels/tokenProbabilities.ts';
import { counted, perplexity } from '../shared/format.ts';

/**
 * What a screen reader is told when the page changes: the beginning and end of work, and the text that is laid open;
 * never the progress between. Failures are alerts of their own. Null: nothing worth a word.
 */
export function announcement(
  before: TokenProbabilitiesSnapshot | null,
  now: TokenProbabilitiesSnapshot,
): string | null {
  const text = now.texts[now.selected];
  if (now.state.kind === 'loading') return before?.state.kind === 'loading' ? null : 'Scoring.';
  if (now.state.kind !== 'ready' || !text) return null;
  const value = `Perplexity ${perplexity(text.scored.perplexity)}, ${counted(text.scored.scoredTokens, 'token')}.`;
  if (before?.state.kind === 'loading') return `Scored ${counted(now.texts.length, 'text')}. ${value}`;
  if (before && before.selected !== now.selected) return value;
  return now.stale && !before?.stale ? 'The text has changed since it was scored.' : null;
}
