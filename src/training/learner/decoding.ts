import { openGpt2 } from '../../gpt2/load.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import { inMemory, type Weight, type WeightInMemory } from '../../gpt2/weights.ts';
import { addToConv1D } from '../../models/adapter/lowRank.ts';
import type { DevicePreference } from '../../protocol/engine.ts';
import type { AdapterNames, TrainingModel } from './model.ts';

/** A model under training as one that decodes: it reads what trains where it lies, and adapters from merged copies. */
export class DecodingModel {
  private readonly model: TrainingModel;
  private readonly merged = new Map<string, WeightInMemory>();
  private opened: Promise<Gpt2> | null = null;

  constructor(model: TrainingModel) {
    this.model = model;
  }

  /** With the adapters merged as they are now. */
  async now(options: { readonly device: DevicePreference; readonly threads?: number }): Promise<Gpt2> {
    for (const [name, adapter] of this.model.adapters) await this.merge(name, adapter);
    const { config, weights, weightsFolder } = this.model;
    const tensors = new Map<string, Weight>([...weights, ...this.merged]);
    this.opened ??= openGpt2(config, { tensors, folder: weightsFolder, warnings: [] }, options).catch(
      (error: unknown) => {
        this.opened = null;
        throw error;
      },
    );
    return this.opened;
  }

  /** Into the same numbers each time. */
  private async merge(name: string, { a, b, scaling }: AdapterNames): Promise<void> {
    const { weights } = this.model;
    const { shape, values: base } = await inMemory(weights.get(name) as Weight);
    const merged = this.merged.get(name)?.values ?? new Float32Array(base.length);
    this.merged.set(name, { name, shape, values: merged });
    merged.set(base);
    const [down, up] = [weights.get(a)?.values as Float32Array, weights.get(b)?.values as Float32Array];
    addToConv1D(merged, { a: down, b: up, rank: down.length / (shape[0] as number), scaling });
  }

  /** It can be asked for again. */
  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => null); // who asked for it was told
    this.opened = null;
    this.merged.clear();
    await opened?.dispose();
  }
}
