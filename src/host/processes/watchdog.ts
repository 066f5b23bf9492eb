/**
 * Watches calls that must end or show a sign of life within their time. The engine works on one thing at a time, so a
 * sign of life of any call counts for all: a call that waits behind another one is not overdue.
 */
export class Watchdog {
  readonly #onOverdue: (name: string, seconds: number) => void;
  readonly #calls = new Set<{ readonly name: string; readonly seconds: number; timer: NodeJS.Timeout }>();

  constructor(onOverdue: (name: string, seconds: number) => void) {
    this.#onOverdue = onOverdue;
  }

  /** Starts to watch a call; what it returns ends that. */
  watch(name: string, seconds: number): () => void {
    const call = { name, seconds, timer: this.#timer(name, seconds) };
    this.#calls.add(call);
    return () => {
      clearTimeout(call.timer);
      this.#calls.delete(call);
    };
  }

  alive(): void {
    for (const call of this.#calls) call.timer.refresh();
  }

  #timer(name: string, seconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#onOverdue(name, seconds), seconds * 1000);
  }
}
