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
  /** At the end of the context: `stop` with the reason `context`, or `slide`: the oldest half is forgotten. */
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
  /** The same seed gives the same text; random where absent, and told in the answer. */
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
  /** What was left to choose from after penalties, temperature and filters. */
  readonly left: { readonly tokens: number; readonly probability: number };
  readonly top?: readonly Alternative[];
}

export interface Generation {
  readonly text: string;
  readonly finishReason: FinishReason;
  /** Sum over the generated tokens of the model's own log-probabilities, in nats. */
  readonly logProbability: number;
  /** The beam's. */
  readonly score?: number;
  readonly tokens: readonly GeneratedToken[];
}

export interface Generated {
  readonly device: DeviceReport;
  readonly prompt: readonly Token[];
  /** For each of the settings: its samples, or its beams best first. */
  readonly columns: ReadonlyArray<{
    readonly generations: readonly Generation[];
    /** The seed that was used, where tokens were drawn. */
    readonly seed?: number;
    readonly tokensPerSecond: number;
  }>;
}

/** Sent while tokens are made. */
export type GenerationUpdate =
  | { readonly kind: 'token'; readonly column: number; readonly sample: number; readonly token: GeneratedToken }
  | { readonly kind: 'finished'; readonly column: number; readonly sample: number; readonly reason: FinishReason }
  /** The beams of a step: those that live, best first, and those that ended. `parent` is the beam of the step before. */
  | { readonly kind: 'beams'; readonly column: number; readonly step: number; readonly beams: readonly BeamState[] };

export interface BeamState {
  readonly parent: number;
  readonly token: Alternative;
  readonly text: string;
  /** Summed log-probability, not yet divided by length. */
  readonly logProbability: number;
  readonly finished: boolean;
}
