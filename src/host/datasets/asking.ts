import type { Call } from '../../protocol/engine.ts';
import type { Asked } from '../../protocol/panels/dataset.ts';
import { CANCELLED, cancelled, reasonOf, type Result } from '../../protocol/result.ts';
import { Newest } from '../editor/newest.ts';

/** While nothing has been reported yet. */
const begun = (message: string) => ({ message, done: 0, unit: 'rows' }) as const;

/**
 * One question to the engine, asked again and again: the newest cancels the one before. Its last answer stays while
 * the next is under way, and goes when that fails.
 */
export class Asking<T> {
  asked: Asked<T> = { value: null, progress: null, error: null };
  readonly #newest = new Newest();
  readonly #message: string;
  readonly #changed: (asked: Asked<T>) => void;
  #running: AbortController | undefined;

  /** `message` says what is being done, until the engine tells. */
  constructor(message: string, changed: (asked: Asked<T>) => void) {
    this.#message = message;
    this.#changed = changed;
  }

  /** The answer; null where it failed, or was overtaken by another question. */
  async ask(question: (call: Call) => Promise<Result<T>>): Promise<T | null> {
    return this.#newest.run(async running => {
      this.#running = running;
      const { signal } = running;
      this.#tell({ ...this.asked, progress: begun(this.#message) });
      const onProgress: Call['onProgress'] = progress => {
        if (!signal.aborted) this.#tell({ ...this.asked, progress });
      };
      const answer = await question({ signal, onProgress }).catch(error => ({
        ok: false as const,
        error: reasonOf(error),
      }));
      if (this.#running !== running) return null;
      if (answer.ok) this.#tell({ value: answer.value, progress: null, error: null });
      else if (answer.error.code === CANCELLED) this.#tell({ ...this.asked, progress: null, error: cancelled() });
      else this.#tell({ value: null, progress: null, error: answer.error });
      return answer.ok ? answer.value : null;
    });
  }

  /** There is nothing to ask any more. */
  clear(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#tell({ value: null, progress: null, error: null });
  }

  cancel(): void {
    this.#running?.abort();
  }

  #tell(asked: Asked<T>): void {
    this.asked = asked;
    this.#changed(asked);
  }
}
