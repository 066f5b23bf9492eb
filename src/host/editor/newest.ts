/** One request at a time: a newer one aborts the one before it. */
export class Newest {
  #running: AbortController | undefined;

  async run<T>(task: (running: AbortController) => Promise<T>): Promise<T> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    try {
      return await task(running);
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }
}
