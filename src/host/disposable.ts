interface Disposed {
  dispose(): unknown;
}

/** Whoever creates a thing owns it, and what it owns goes with it, the last one first. */
export abstract class Disposable {
  readonly #owned: Disposed[] = [];

  protected _register<T extends Disposed>(thing: T): T {
    this.#owned.push(thing);
    return thing;
  }

  dispose(): void {
    for (const thing of this.#owned.splice(0).reverse()) thing.dispose();
  }
}
