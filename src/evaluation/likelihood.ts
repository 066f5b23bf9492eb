/** What a model found of a text. */
interface Scored {
  /** In nats. */
  readonly negativeLogLikelihood: number;
  readonly scoredTokens: number;
  readonly bitsPerByte: number | null;
}

/**
 * Perplexity and bits per byte of many texts together: every token counts once, wherever it stands. Bits per byte can be
 * compared between models whose tokens differ; perplexity can't.
 */
export function likelihoodCounter() {
  let [nats, tokens, bytes] = [0, 0, 0];
  return {
    add({ negativeLogLikelihood, scoredTokens, bitsPerByte }: Scored): void {
      nats += negativeLogLikelihood;
      tokens += scoredTokens;
      if (bitsPerByte) bytes += negativeLogLikelihood / Math.LN2 / bitsPerByte;
    },
    result: (): { readonly perplexity: number | null; readonly bitsPerByte: number | null } => ({
      perplexity: tokens === 0 ? null : Math.exp(nats / tokens),
      bitsPerByte: bytes === 0 ? null : nats / Math.LN2 / bytes,
    }),
  };
}
