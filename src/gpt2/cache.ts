import { type Feeds, float32, type Numbers } from '../onnx/session.ts';
import { cacheNames } from './attention.ts';
import type { Gpt2Config } from './config.ts';

/**
 * Keys and values of the tokens that were evaluated, for each layer [rows, H, Dh] in one growing array, of which the
 * filled part is lent to the graph without a copy.
 */
export class KeyValueCache {
  private readonly config: Gpt2Config;
  /** Keys of layer 0, values of layer 0, keys of layer 1, … */
  private readonly arrays: Float32Array[];
  private rows = 0;

  /** Room for `capacity` rows; with more it grows. */
  constructor(config: Gpt2Config, capacity = 1) {
    this.config = config;
    this.arrays = Array.from({ length: 2 * config.layers }, () => new Float32Array(capacity * config.width));
  }

  get length(): number {
    return this.rows;
  }

  /** How many rows the graph is given: an empty cache lends one row of zeros, which the mask must hide. */
  get lentRows(): number {
    return Math.max(this.rows, 1);
  }

  feeds(): Feeds {
    const { layers, heads, width } = this.config;
    const shape = [this.lentRows, heads, width / heads];
    const lent = (index: number) =>
      float32((this.arrays[index] as Float32Array).subarray(0, this.lentRows * width), shape);
    const feeds: Record<string, ReturnType<typeof float32>> = {};
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer);
      feeds[names.pastKeys] = lent(2 * layer);
      feeds[names.pastValues] = lent(2 * layer + 1);
    }
    return feeds;
  }

  /** Takes up the keys and values of a run, `rows` of them. */
  append(results: Readonly<Record<string, Numbers>>, rows: number): void {
    this.reserve(this.rows + rows);
    const at = this.rows * this.config.width;
    for (let layer = 0; layer < this.config.layers; layer++) {
      const names = cacheNames(layer);
      this.arrays[2 * layer]?.set(results[names.keys] as Float32Array, at);
      this.arrays[2 * layer + 1]?.set(results[names.values] as Float32Array, at);
    }
    this.rows += rows;
  }

  /** Forgets all but the first `rows`. */
  truncate(rows: number): void {
    this.rows = Math.min(this.rows, rows);
  }

  /** Forgets all rows but these, given in rising order: row `kept[i]` becomes row i. */
  keep(kept: readonly number[]): void {
    const { width } = this.config;
    for (const array of this.arrays) {
      for (const [to, from] of kept.entries()) array.copyWithin(to * width, from * width, (from + 1) * width);
    }
    this.rows = kept.length;
  }

  private reserve(rows: number): void {
    const { width } = this.config;
    const capacity = (this.arrays[0] as Float32Array).length / width;
    if (rows <= capacity) return;
    const grown = Math.max(rows, Math.ceil(1.5 * capacity));
    for (const [index, array] of this.arrays.entries()) {
      const larger = new Float32Array(grown * width);
      larger.set(array.subarray(0, this.rows * width));
      this.arrays[index] = larger;
    }
  }
}
