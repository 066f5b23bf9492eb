import type { ScoredText } from '../../src/protocol/engine.ts';
import type { PanelText } from '../../src/protocol/panels/tokenProbabilities.ts';

/**
 * The texts as they have come, with the scores that the page has already in place of equal ones: texts whose places
 * in the document moved need not be laid out again.
 */
export function withKnownScores(known: readonly PanelText[], texts: readonly PanelText[]): readonly PanelText[] {
  return texts.map((text, index) => {
    const before = known[index];
    if (!before || !same(before.scored, text.scored) || !same(before.compared, text.compared)) return text;
    return { ...text, scored: before.scored, compared: before.compared };
  });
}

/** Two models that agree on a text to the last bit of its likelihood are one model. */
function same(a: ScoredText | null, b: ScoredText | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.text === b.text && a.negativeLogLikelihood === b.negativeLogLikelihood && a.tokens.length === b.tokens.length
  );
}
