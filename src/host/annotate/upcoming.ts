import type { Item } from '../../protocol/annotations/judgement.ts';
import type { AnnotationSettings } from '../../protocol/annotations/settings.ts';
import type { Progress } from '../../protocol/engine.ts';
import { type Reason, reasonOf } from '../../protocol/result.ts';
import { type ResponsesEngine, responsesTo } from './responses.ts';
import type { PromptOfRow, RowWalk } from './rowWalk.ts';

/** Prompts whose responses are made while the judge reads another one. */
const AHEAD = 2;

/** A prompt with its responses, or why it has none. */
export type Prepared = { readonly item: Item } | { readonly row: PromptOfRow; readonly error: Reason };

export interface UpcomingOptions {
  readonly lab: ResponsesEngine;
  readonly walk: RowWalk;
  readonly settings: AnnotationSettings;
  /** Not one that was judged or passed over. */
  readonly isWanted: (prompt: string) => boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** There is another one, or none will come any more. */
  readonly onChange: () => void;
}

/** What is judged next: responses are made ahead, one prompt after the other, and no further while one of them failed. */
export class Upcoming {
  readonly #options: UpcomingOptions;
  readonly #queue: Prepared[] = [];
  readonly #again: PromptOfRow[] = [];
  readonly #attempts = new Map<number, number>();
  readonly #taken = new Set<string>();
  #preparing = false;
  /** Responses are being made. */
  #making = false;
  #ended = false;

  constructor(options: UpcomingOptions) {
    this.#options = options;
    void this.#prepare();
  }

  get length(): number {
    return this.#queue.length;
  }

  /** No more will come. */
  get ended(): boolean {
    return this.#ended && this.#queue.length === 0 && this.#again.length === 0 && !this.#making;
  }

  take(): Prepared | undefined {
    const next = this.#queue.shift();
    void this.#prepare();
    return next;
  }

  /** It comes first, after whatever is shown instead. */
  putBack(prepared: Prepared): void {
    this.#queue.unshift(prepared);
  }

  /** Responses to a prompt once more, with other draws. */
  tryAgain(row: PromptOfRow): void {
    this.#attempts.set(row.row, (this.#attempts.get(row.row) ?? 0) + 1);
    this.#again.push(row);
    void this.#prepare();
  }

  async #prepare(): Promise<void> {
    const { signal, onChange } = this.#options;
    if (this.#preparing) return;
    this.#preparing = true;
    while (!signal.aborted && this.#wantsMore) {
      const again = this.#again.length > 0;
      this.#making = true;
      const prepared = await this.#prepared();
      this.#making = false;
      if (signal.aborted) break;
      if (!prepared) this.#ended = true;
      else if (again) this.#queue.unshift(prepared);
      else this.#queue.push(prepared);
      onChange();
    }
    this.#preparing = false;
  }

  get #wantsMore(): boolean {
    if (this.#again.length > 0) return true;
    return !this.#ended && this.#queue.length < AHEAD && !this.#queue.some(one => 'error' in one);
  }

  /** Undefined at the end of the rows. */
  async #prepared(): Promise<Prepared | undefined> {
    const { lab, walk, settings, signal, onProgress, isWanted } = this.#options;
    let row = this.#again.shift();
    try {
      row ??= await walk.next(prompt => isWanted(prompt) && !this.#taken.has(prompt));
      if (!row) return undefined;
      this.#taken.add(row.prompt);
      const attempt = this.#attempts.get(row.row) ?? 0;
      const candidates = await responsesTo(lab, { settings, ...row, attempt, signal, onProgress });
      return { item: { ...row, candidates, again: false } };
    } catch (error) {
      return { row: row ?? { row: -1, prompt: '' }, error: reasonOf(error) };
    }
  }
}
