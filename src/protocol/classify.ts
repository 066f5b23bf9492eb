import type { Call, DeviceReport, ModelChoice, Token } from './engine.ts';
import type { Result } from './result.ts';

/** What may be asked of the engine about a fine-tuned classifier. */
export interface ClassifierApi {
  classify(request: ClassifyRequest, call?: Call): Promise<Result<Classified>>;
}

export interface ClassifyRequest extends ModelChoice {
  readonly texts: readonly string[];
  /** Also tells the probabilities after each token of each text. */
  readonly evolution?: boolean;
}

export interface Classified {
  readonly device: DeviceReport;
  readonly labels: readonly string[];
  readonly texts: ReadonlyArray<{
    readonly label: string;
    /** In the order of `labels`. */
    readonly probabilities: readonly number[];
    /** Tokens beyond the model's context that were not read. */
    readonly cutTokens: number;
    readonly evolution?: ReadonlyArray<Token & { readonly probabilities: readonly number[] }>;
  }>;
}
