import type { Alternative, DeviceReport, ModelChoice, Token } from './engine.ts';

// Decoding, as contracts.md section 4 defines it: transformers' `generate`. An option that is absent is off, and one
// that the chosen mode does not use is refused.

export type DecodingSettings = GreedySettings | BeamSettings | SampleSettings;

/** What every mode takes. */
export interface CommonSettings {
  readonly maxNewTokens: number;
  /** Above 1: logits of tokens that stand in the prompt or were generated are divided by it (multiplied where negative). */
  readonly repetitionPenalty?: number;
  /** No n-gram of this many tokens comes twice, the prompt's counted. */
  readonly noRepeatNgram?: number;
  /** Generation ends when the text holds one of these; the text is cut before it. */
  readonly stop?: readonly string[];
  /** Added to the logits of these token ids. */
  readonly bias?: ReadonlyArray<{ readonly id: number; readonly value: number }>;
  /** Token ids that never come. */
  readonly ban?: readonly number[];
  /**
   * At the end of the context: `stop` with the reason `context`, or `slide`: the newest half of the context's length is
   * read anew, as if the text began there, and goes on. `stop` where absent.
   */
  readonly pastContext?: 'stop' | 'slide';
}

export interface GreedySettings extends CommonSettings {
  readonly decoding: 'greedy';
}

export interface BeamSettings extends CommonSettings {
  readonly decoding: 'beam';
  readonly beams: number;
  /** Scores are the summed log-probability over the generated length to this power; 1 where absent. */
  readonly lengthPenalty?: number;
  /** Ends as soon as there are as many finished beams as beams. */
  readonly earlyStopping?: boolean;
  /** How many of the beams to return, best first; 1 where absent. */
  readonly returned?: number;
}

export interface SampleSettings extends CommonSettings {
  readonly decoding: 'sample';
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly typicalP?: number;
  /** 0 to 4294967295. The same seed gives the same text; random where absent, and told in the answer. */
  readonly seed?: number;
  /** Samples to draw; 1 where absent. */
  readonly count?: number;
}

export interface GenerateRequest extends ModelChoice {
  readonly prompt: string;
  /** Token ids that the text goes on with after the prompt before anything is chosen: a branch that was taken. */
  readonly forced?: readonly number[];
  /** All are decoded together, as one batch, from one evaluation of the prompt. */
  readonly settings: readonly DecodingSettings[];
  /** Alternatives to name for each token; 0 for none. */
  readonly top: number;
}

export type FinishReason = 'endoftext' | 'length' | 'stop' | 'context';

export interface GeneratedToken {
  readonly id: number;
  readonly text: string;
  /** The model's own, before penalties, temperature and filters. */
  readonly probability: number;
  readonly rank: number;
  /** Of the model's own distribution, in bits. */
  readonly entropy: number;
  readonly left: ChoiceLeft;
  /** The model's own, likeliest first; absent where none were asked for. */
  readonly top?: readonly Alternative[];
}

/** What was left to choose from after penalties, temperature and filters. */
export interface ChoiceLeft {
  readonly tokens: number;
  /** What the model itself gave to all of them together: 0.9 or a little more after top-p 0.9. */
  readonly probability: number;
  /** Of the chosen token among them: with what chance a draw would take it. */
  readonly chance: number;
}

export interface Generation {
  /** Without the end token, and cut before a stop string. */
  readonly text: string;
  readonly finishReason: FinishReason;
  /** Sum over the generated tokens of the model's own log-probabilities, in nats. */
  readonly logProbability: number;
  /** The beam's: its log-probability after penalties over its length to the power of the length penalty. */
  readonly score?: number;
  readonly tokens: readonly GeneratedToken[];
}

export interface Generated {
  readonly device: DeviceReport;
  /** What the model was given before the forced tokens: an empty prompt is a single `<|endoftext|>`. */
  readonly prompt: readonly Token[];
  /** For each of the settings: its samples, or its beams best first. */
  readonly columns: ReadonlyArray<{
    readonly generations: readonly Generation[];
    /** The seed that was used, where tokens were drawn. */
    readonly seed?: number;
    /** Of each of its texts, while it was decoded beside the others; reading the prompt is not counted. */
    readonly tokensPerSecond: number;
  }>;
}

/**
 * Sent while tokens are made. The `text` of all updates of a sample, joined, is the text of its generation: what may
 * still become part of a split character or of a stop string is held back. Beams that are returned come whole, at the end.
 */
export type GenerationUpdate =
  | (OfSample & { readonly kind: 'token'; readonly token: GeneratedToken; readonly text: string })
  | (OfSample & { readonly kind: 'finished'; readonly reason: FinishReason; readonly text: string })
  /** A step of beam search: the beams that live, best first, then those that ended in it. */
  | { readonly kind: 'beams'; readonly column: number; readonly step: number; readonly beams: readonly BeamState[] };

interface OfSample {
  readonly column: number;
  /** Index among the column's generations. */
  readonly sample: number;
}

export interface BeamState {
  /** Index of the beam that it continues among the living ones of the step before; 0 in the first step. */
  readonly parent: number;
  readonly token: Alternative;
  readonly text: string;
  /** Summed log-probability after penalties, not yet divided by length. */
  readonly logProbability: number;
  readonly finished: boolean;
}
