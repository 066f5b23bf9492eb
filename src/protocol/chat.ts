import type { DeviceReport, ModelChoice, Token } from './engine.ts';
import type { DecodingSettings, Generation } from './generation.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A built-in template by name, or Jinja text over `messages`; the model's own where absent, else plain roles. */
export type ChatTemplate = string;

export const BUILT_IN_TEMPLATES = ['plain', 'chatml', 'alpaca', 'question-answer', 'phi-3', 'zephyr'] as const;

export interface ChatRequest extends ModelChoice {
  readonly messages: readonly ChatMessage[];
  readonly template?: ChatTemplate;
  /** Absent: the messages are rendered, and nothing is generated. */
  readonly settings?: DecodingSettings;
  /** A base model that runs on into the next speaker's turn is stopped at the turn marker; true where absent. */
  readonly stopAtTurn?: boolean;
  /** Where nothing is generated: how many tokens of the context to leave free for a reply; none where absent. */
  readonly room?: number;
  readonly top: number;
}

/** Exactly what the model was given. */
export interface RenderedChat {
  readonly rendered: string;
  readonly tokens: ReadonlyArray<
    Token & {
      readonly special: boolean /** Index of its message; null for the template's own text. */;
      readonly message: number | null;
    }
  >;
  /** The oldest messages that did not fit into the context and were left out, by index. */
  readonly dropped: readonly number[];
  readonly template: { readonly name: string; readonly source: 'model' | 'built-in' | 'given' };
  /** The names of the model's own templates, `default` first among them; none for a model without chat training. */
  readonly modelTemplates: readonly string[];
  /** Where the template marks the end of a turn, generation stops there. */
  readonly turnMarkers: readonly string[];
}

export interface ChatAnswer extends RenderedChat {
  readonly device: DeviceReport | null;
  readonly reply: Generation | null;
  /** The seed that was used, where tokens were drawn. */
  readonly seed?: number;
}
