import type { PanelText } from '../../src/protocol/panels/tokenProbabilities.ts';

/** Indices of the texts by rising perplexity; those without one come last, equals in the order of the document. */
export function rankedTexts(texts: readonly PanelText[]): number[] {
  const value = (index: number): number => texts[index]?.scored.perplexity ?? Number.MAX_VALUE;
  return texts.map((_, index) => index).sort((a, b) => value(a) - value(b) || a - b);
}
