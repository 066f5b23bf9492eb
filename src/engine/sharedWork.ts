import type { Call, OnProgress } from '../protocol/engine.ts';
import { unlessAborted } from '../protocol/unlessAborted.ts';

/**
 * Work whose result several callers wait for. It goes on while one of them does, tells each how far it is, and is
 * cancelled when the last one gives up.
 */
export class SharedWork<T> {
  readonly result: Promise<T>;
  private readonly abort = new AbortController();
  private readonly waiting = new Set<Call>();
  private settled = false;

  constructor(work: (call: Call) => Promise<T>) {
    const onProgress: OnProgress = progress => {
      for (const call of this.waiting) call.onProgress?.(progress);
    };
    const settle = (): void => {
      this.settled = true;
    };
    this.result = work({ signal: this.abort.signal, onProgress });
    this.result.then(settle, settle);
  }

  /** Nobody waited to the end: there will be no result. */
  get abandoned(): boolean {
    return this.abort.signal.aborted;
  }

  async wait(call: Call): Promise<T> {
    const waiter = { ...call };
    this.waiting.add(waiter);
    try {
      return await unlessAborted(this.result, call.signal);
    } finally {
      this.waiting.delete(waiter);
      if (this.waiting.size === 0 && !this.settled) this.abort.abort();
    }
  }
}
