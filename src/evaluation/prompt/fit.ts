import type { Sequence, WordSequence } from './encode.ts';

/** A row's sequences as they fit into the context. */
export interface Fitted {
  readonly sequences: readonly Sequence[];
  /** Tokens that were cut off the prompt's beginning, of all its sequences alike: words are compared after the same text. */
  readonly cutTokens: number;
}

/** Cuts a prompt from the left where a word would not fit; undefined where nothing of the prompt would be left. */
export function fitted(sequences: readonly WordSequence[], contextLength: number): Fitted | undefined {
  const cutTokens = Math.max(0, ...sequences.map(({ ids }) => ids.length - contextLength));
  if (sequences.some(({ wordFrom }) => cutTokens > 0 && wordFrom <= cutTokens)) return undefined;
  const cut = ({ ids, scoredFrom }: Sequence): Sequence => ({
    ids: ids.slice(cutTokens),
    scoredFrom: Math.max(1, scoredFrom - cutTokens),
  });
  return { sequences: cutTokens === 0 ? sequences : sequences.map(cut), cutTokens };
}
