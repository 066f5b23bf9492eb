import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Gpt2, loadGpt2 } from '../gpt2/model.ts';
import type { Call, DevicePreference, ModelEntry } from '../protocol/engine.ts';
import { Reading } from '../scoring/reading.ts';
import { loadTokenizer } from '../tokenizer/load.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { assertVocabulary } from '../tokenizer/vocabulary.ts';

/** A model in memory, with what belongs to it. */
export interface Loaded {
  readonly model: Gpt2;
  readonly tokenizer: Tokenizer;
  /** What it has read of the text that hovers ask about. */
  readonly reading: Reading;
  readonly warnings: readonly string[];
}

/** Two, so that a comparison does not load them over and over. */
const MOST_IDLE = 2;

interface Slot {
  readonly loading: Promise<Loaded>;
  users: number;
}

/** Keeps models in memory. Those in use stay; of the others, the least recently used goes first. */
export class LoadedModels {
  private readonly options: { readonly home?: string; readonly threads?: number };
  /** Least recently used first. */
  private readonly slots = new Map<string, Slot>();

  constructor(options: { readonly home?: string; readonly threads?: number }) {
    this.options = options;
  }

  /** Works with a model, which is loaded unless it is there already. A folder whose files changed is loaded anew. */
  async use<T>(
    { folder }: ModelEntry,
    device: DevicePreference,
    call: Call,
    work: (loaded: Loaded) => Promise<T>,
  ): Promise<T> {
    const key = JSON.stringify([folder, device, await version(folder)]);
    const slot = this.slots.get(key) ?? { loading: this.load(folder, device, call), users: 0 };
    this.slots.delete(key);
    this.slots.set(key, slot);
    slot.users += 1;
    try {
      return await work(await slot.loading.catch((error: unknown) => this.forget(key, error)));
    } finally {
      slot.users -= 1;
      await this.dropAllBut(MOST_IDLE);
    }
  }

  async dispose(): Promise<void> {
    await this.dropAllBut(0);
  }

  /** A load that failed is tried again by the next request. */
  private forget(key: string, error: unknown): never {
    this.slots.delete(key);
    throw error;
  }

  private async load(folder: string, device: DevicePreference, call: Call): Promise<Loaded> {
    const tokenizer = await loadTokenizer(folder);
    const model = await loadGpt2(folder, { device, ...this.options, ...call });
    const mismatch = assertVocabulary(tokenizer, model.config.vocabularySize, folder);
    const warnings = mismatch === undefined ? model.warnings : [...model.warnings, mismatch];
    return { model, tokenizer, reading: new Reading(model), warnings };
  }

  private async dropAllBut(count: number): Promise<void> {
    const idle = [...this.slots].filter(([, { users }]) => users === 0);
    for (const [key, { loading }] of idle.slice(0, Math.max(0, idle.length - count))) {
      this.slots.delete(key);
      await (await loading).model.dispose();
    }
  }
}

/** Changes whenever the folder's configuration or its weights do. */
async function version(folder: string): Promise<number[]> {
  const files = ['config.json', 'model.safetensors', 'model.safetensors.index.json', 'tokenizer.json'];
  const stats = await Promise.allSettled(files.map(file => stat(join(folder, file))));
  return stats.map(result => (result.status === 'fulfilled' ? result.value.mtimeMs : 0));
}
