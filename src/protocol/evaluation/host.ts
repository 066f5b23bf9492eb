import type { Call } from '../engine.ts';
import type { Result } from '../result.ts';

/**
 * What the engine may ask of whoever started it, over the same connection: what only an editor has. There is none behind
 * the command line.
 */
export interface HostApi {
  /** What a language model of the editor's answers. The first question asks the user's consent. */
  askLanguageModel(request: LanguageModelQuestion, call?: Call): Promise<Result<string>>;
  /** The key that was kept for a judge's address; null where there is none. */
  judgeKey(request: { readonly address: string }, call?: Call): Promise<Result<string | null>>;
}

export interface LanguageModelQuestion {
  /** `vendor/id`, as `vscode.lm` has them; an id alone takes the first that bears it. */
  readonly model: string;
  readonly messages: readonly ChatTurn[];
  readonly temperature: number;
  readonly seed: number;
}

export interface ChatTurn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}
