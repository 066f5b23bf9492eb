import type { BeamState, FinishReason, GeneratedToken, Generation } from '../protocol/generation.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Hypothesis, Limits } from './hypothesis.ts';
import type { Prediction } from './prediction.ts';

/** What a mode of decoding does with its settings: it chooses, and knows nothing of the model. */
export interface Decoder {
  /** Those that wait for their next token; none when all has ended. */
  readonly live: readonly Hypothesis[];
  /** Chooses, given what the model predicts for each that is live. */
  advance(predictions: readonly Prediction[]): DecoderUpdate[];
  /** The samples, or the beams best first, when all has ended. */
  generations(): Generation[];
}

/** A GenerationUpdate before it is known whose column it is. */
export type DecoderUpdate =
  | { readonly kind: 'token'; readonly sample: number; readonly token: GeneratedToken; readonly text: string }
  | { readonly kind: 'finished'; readonly sample: number; readonly reason: FinishReason; readonly text: string }
  | { readonly kind: 'beams'; readonly step: number; readonly beams: readonly BeamState[] };

/** What decoding starts from. */
export interface Start {
  readonly hypothesis: Hypothesis;
  readonly limits: Limits;
  readonly tokenizer: Tokenizer;
  /** Alternatives to name for each token. */
  readonly top: number;
}
