import { type FSWatcher, watch } from 'node:fs';

/**
 * Calls back when something is made or goes in one of the folders. Where that can't be watched, as on some network
 * folders, whoever uses it looks from time to time.
 */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches these folders and no others. One that is not there yet is watched when it is named again. */
  set(folders: readonly string[]): void {
    for (const folder of this.#watchers.keys()) if (!folders.includes(folder)) this.#close(folder);
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  dispose(): void {
    this.set([]);
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, this.#changed);
      watcher.on('error', () => this.#close(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error; // else the system refuses to watch it
    }
  }

  #close(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
