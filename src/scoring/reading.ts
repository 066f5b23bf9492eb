import { KeyValueCache } from '../gpt2/cache.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { throwIfAborted } from '../protocol/result.ts';
import { extend } from './evaluate.ts';

/**
 * What a model has read of a text, kept so that a question about any of its positions needs no more than the head, and
 * one about a changed text only what follows the change.
 */
export class Reading {
  private readonly model: Gpt2;
  private readonly cache: KeyValueCache;
  private readonly ids: number[] = [];
  /** Final hidden states of the ids, [positions, D]. */
  private readonly hidden: Float32Array;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(model: Gpt2) {
    this.model = model;
    this.cache = new KeyValueCache(model.config);
    this.hidden = new Float32Array(model.config.positions * model.config.width);
  }

  /**
   * Reads the ids, of which it knows the longest common prefix already, and gives the final hidden state [D] of the
   * last. Readings that overlap wait for each other; what a cancelled one has read stays known.
   */
  read(ids: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    const result = this.turn.then(() => this.readNow(ids, signal));
    this.turn = result.catch(() => undefined); // the caller has the error; the next in turn goes on
    return result;
  }

  private async readNow(ids: readonly number[], signal: AbortSignal | undefined): Promise<Float32Array> {
    throwIfAborted(signal); // a reading that never begins forgets nothing
    const { width } = this.model.config;
    const known = commonPrefix(this.ids, ids);
    if (known < ids.length) {
      this.ids.length = known;
      this.cache.truncate(known);
      for await (const part of extend(this.model, this.cache, ids.slice(known), signal)) {
        this.hidden.set(part, this.ids.length * width);
        this.ids.push(...ids.slice(this.ids.length, this.cache.length));
      }
    }
    return this.hidden.slice((ids.length - 1) * width, ids.length * width);
  }
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}
