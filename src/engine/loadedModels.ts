import { readConfig } from '../gpt2/config.ts';
import { loadGpt2 } from '../gpt2/load.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Call, DevicePreference, ModelEntry } from '../protocol/engine.ts';
import type { Precision } from '../protocol/precision.ts';
import { cancelled, throwIfAborted } from '../protocol/result.ts';
import { Reading } from '../scoring/reading.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { assertVocabulary } from '../tokenizer/vocabulary.ts';
import { fileVersions } from './fileVersions.ts';
import { SharedWork } from './sharedWork.ts';
import { TOKENIZER_FILES, type Tokenizers } from './tokenizers.ts';

/** A model in memory, with what belongs to it. */
export interface Loaded {
  readonly model: Gpt2;
  readonly tokenizer: Tokenizer;
  /** What it has read of the text that hovers ask about. */
  readonly reading: Reading;
  readonly warnings: readonly string[];
}

/** Where a model runs, and what its weights are kept in. */
export interface Placing {
  readonly device: DevicePreference;
  readonly precision: Precision;
}

/** What a loaded model depends on. */
export const MODEL_FILES = [
  'config.json',
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  ...TOKENIZER_FILES,
];

/** Two, so that a comparison does not load them over and over. */
const MOST_IDLE = 2;

interface Slot {
  readonly load: SharedWork<Loaded>;
  users: number;
}

/** Keeps models in memory. Those in use stay; of the others, the least recently used goes first. */
export class LoadedModels {
  private readonly options: { readonly home?: string; readonly threads?: number };
  /** Least recently used first. */
  private readonly slots = new Map<string, Slot>();
  private readonly tokenizers: Tokenizers;

  constructor(tokenizers: Tokenizers, options: { readonly home?: string; readonly threads?: number }) {
    this.tokenizers = tokenizers;
    this.options = options;
  }

  /** Works with a model, which is loaded unless it is there already. A folder whose files changed is loaded anew. */
  async use<T>(
    { folder }: ModelEntry,
    { device, precision }: Placing,
    call: Call,
    work: (loaded: Loaded) => Promise<T>,
  ): Promise<T> {
    const key = JSON.stringify([folder, device, precision, await fileVersions(folder, MODEL_FILES)]);
    throwIfAborted(call.signal); // a request that nobody waits for any more loads nothing
    const known = this.slots.get(key);
    const slot = known && !known.load.abandoned ? known : this.open(key, folder, { device, precision });
    this.slots.delete(key);
    this.slots.set(key, slot);
    slot.users += 1;
    try {
      return await work(await slot.load.wait(call));
    } finally {
      slot.users -= 1;
      if (slot.load.abandoned) this.forget(key, slot);
      await this.dropAllBut(MOST_IDLE);
    }
  }

  async dispose(): Promise<void> {
    await this.dropAllBut(0);
  }

  private open(key: string, folder: string, placing: Placing): Slot {
    const slot = { load: new SharedWork(call => this.load(folder, placing, call)), users: 0 };
    slot.load.result.catch(() => this.forget(key, slot)); // a load that failed is tried again by the next request
    return slot;
  }

  private forget(key: string, slot: Slot): void {
    if (this.slots.get(key) === slot) this.slots.delete(key);
  }

  private async load(folder: string, placing: Placing, call: Call): Promise<Loaded> {
    const tokenizer = await this.tokenizers.of(folder);
    const mismatch = assertVocabulary(tokenizer, (await readConfig(folder)).vocabularySize, folder);
    const model = await loadGpt2(folder, { ...placing, ...this.options, ...call });
    if (call.signal?.aborted) {
      await model.dispose();
      throw cancelled();
    }
    const warnings = mismatch === undefined ? model.warnings : [...model.warnings, mismatch];
    return { model, tokenizer, reading: new Reading(model), warnings };
  }

  private async dropAllBut(count: number): Promise<void> {
    const idle = [...this.slots].filter(([, { users }]) => users === 0);
    const dropped = idle.slice(0, Math.max(0, idle.length - count));
    for (const [key] of dropped) this.slots.delete(key); // all at once, before a request can find one of them
    for (const [, { load }] of dropped) await (await load.result).model.dispose();
  }
}
