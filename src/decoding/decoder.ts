import type { BeamState, FinishReason, GeneratedToken, Generation } from '../protocol/generation.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Drawing } from './drawing.ts';
import type { Choice, Hypothesis, Limits } from './hypothesis.ts';
import type { Prediction } from './prediction.ts';

/** What a mode of decoding does with its settings: it chooses, and knows nothing of the model. */
export interface Decoder {
  /** Those that wait for their next token; none when all has ended. */
  readonly live: readonly Hypothesis[];
  /** Chooses, given what the model predicts for each that is live. */
  advance(predictions: readonly Prediction[]): DecoderUpdate[];
  /** Null where every token depends on more than the model's numbers for it, as with penalties and beams. */
  readonly draws: Draws | null;
  /** The samples, or the beams best first, when all has ended. */
  generations(): Generation[];
}

/** Where a run of the model can draw the tokens itself, several a run. */
export interface Draws {
  /** How each that is live now draws. */
  readonly drawings: readonly Drawing[];
  /** What takes, token by token, what was drawn for each that is live now; one that ends takes no more. */
  taker(): (choices: readonly Choice[]) => DecoderUpdate[];
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
