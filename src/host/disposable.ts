interface Disposed {
  dispose(): unknown;
}

/** Whoever creates a thing owns it, and what it owns goes with it, the last one first. */
export abstract class Disposable {
  readonly #owned: Disposed[] = [];
  #disposed = false;

  /** What comes when its owner has gone goes at once. */
  protected _register<T extends Disposed>(thing: T): T {
    if (this.#disposed) thing.dispose();
    else this.#owned.push(thing);
    return thing;
  }

  dispose(): void {
    this.#disposed = true;
    for (const thing of this.#owned.splice(0).reverse()) thing.dispose();
  }
}
