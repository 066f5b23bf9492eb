import type { GeneratedToken, Generation, GenerationUpdate } from '../../protocol/generation.ts';
import type { ChatTurn, ReplyEnding } from '../../protocol/panels/chat.ts';

/** How long updates are gathered before they are told: more often than this, nobody sees a difference. */
const GATHER_MILLISECONDS = 40;

/** A reply as it comes in. */
export class GrowingReply {
  readonly #turn: ChatTurn;
  readonly #model: string;
  readonly #tell: (tokens: readonly GeneratedToken[], text: string) => void;
  readonly #tokens: GeneratedToken[] = [];
  #text = '';
  #untold: { tokens: GeneratedToken[]; text: string } = { tokens: [], text: '' };
  #timer: NodeJS.Timeout | undefined;

  constructor(id: number, model: string, tell: (tokens: readonly GeneratedToken[], text: string) => void) {
    this.#turn = { id, role: 'assistant', content: '' };
    this.#model = model;
    this.#tell = tell;
  }

  get empty(): boolean {
    return this.#tokens.length === 0;
  }

  readonly take = (update: GenerationUpdate): void => {
    if (update.kind === 'beams' || update.sample !== 0) return;
    if (update.kind === 'token') {
      this.#tokens.push(update.token);
      this.#untold.tokens.push(update.token);
    }
    this.#text += update.text;
    this.#untold.text += update.text;
    this.#timer ??= setTimeout(() => this.#tellAll(), GATHER_MILLISECONDS);
  };

  /** As far as it has come. */
  turn(ending: ReplyEnding): ChatTurn {
    const reply = { tokens: [...this.#tokens], ending, model: this.#model };
    return { ...this.#turn, content: this.#text, reply };
  }

  /** When all of it has come. */
  finished({ text, tokens, finishReason }: Generation, seed: number | undefined): ChatTurn {
    const reply = { tokens, ending: finishReason, model: this.#model, ...(seed !== undefined && { seed }) };
    return { ...this.#turn, content: text, reply };
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #tellAll(): void {
    this.#timer = undefined;
    const { tokens, text } = this.#untold;
    this.#untold = { tokens: [], text: '' };
    this.#tell(tokens, text);
  }
}
