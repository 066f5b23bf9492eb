import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Reasoned } from '../src/protocol/result.ts';

/** A process that answers each line of JSON with one line of JSON. */
export class Lines implements Disposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: () => Reasoned;

  /** @param ended what is thrown when the process has ended, instead of its answer */
  constructor(process: ChildProcess, ended: () => Reasoned) {
    if (!process.stdout) throw new Error('The process has no standard output.');
    this.#process = process;
    this.#lines = createInterface(process.stdout)[Symbol.asyncIterator]();
    this.#ended = ended;
  }

  async ask(request: object): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { done, value } = await this.#lines.next();
    if (done) throw this.#ended();
    return JSON.parse(value);
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
