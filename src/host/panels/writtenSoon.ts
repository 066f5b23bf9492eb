import type * as vscode from 'vscode';

/**
 * Writes down what changes often: a while after the first change that is not written yet, so that several are written at
 * once; at the latest when its owner goes, as a window may close before the time is up.
 */
export class WrittenSoon implements vscode.Disposable {
  readonly #write: () => void;
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: () => void, milliseconds: number) {
    this.#write = write;
    this.#milliseconds = milliseconds;
  }

  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), this.#milliseconds);
  }

  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write();
  }

  dispose(): void {
    if (this.#timer) this.now();
  }
}
