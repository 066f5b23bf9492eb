import { totalmem } from 'node:os';
import type { Device } from '../../onnx/devices.ts';
import { type Feed, float32 } from '../../onnx/session.ts';
import type { Examples } from '../examples/examples.ts';
import { borderGraph } from '../graphs/modelGraph.ts';
import { pack } from '../graphs/packing.ts';
import type { Reading } from '../graphs/reading.ts';
import { apart } from '../graphs/trees.ts';
import { joined } from '../joined.ts';
import { KeptStates } from './keptStates.ts';
import type { TrainingModel } from './model.ts';
import { Run } from './runs.ts';

/** Of the machine's memory: what is kept beyond it lies in a file. */
const SHARE_OF_MEMORY = 1 / 8;

/**
 * The hidden states at the border below which nothing trains. They never change, so each sequence goes through the lower
 * blocks once, and what comes after works on what was kept: [S, D] of a whole sequence, or [N, D] of what is read of it
 * where nothing but the head trains.
 */
export class BorderStates {
  private readonly model: TrainingModel;
  private readonly run: Run;
  private readonly kept: KeptStates;
  private readonly numbers = new WeakMap<Examples, number>();
  private parts = 0;

  constructor(model: TrainingModel, device: Device, limitBytes = totalmem() * SHARE_OF_MEMORY) {
    this.model = model;
    this.run = new Run(model, borderGraph(model), device);
    this.kept = new KeptStates(limitBytes);
  }

  /** The states of these sequences of a part, one after another. */
  async of(examples: Examples, readings: readonly Reading[]): Promise<Feed> {
    const part = this.numberOf(examples);
    const keyed = readings.map(reading => ({ key: `${part}/${reading.sequence}/${reading.ids.length}`, reading }));
    await this.computeMissing(keyed.filter(({ key }) => !this.kept.has(key)));
    const states = await Promise.all(keyed.map(({ key }) => this.kept.get(key)));
    const all = joined(states);
    const { width } = this.model.config;
    return float32(all, [all.length / width, width]);
  }

  private async computeMissing(missing: ReadonlyArray<{ readonly key: string; readonly reading: Reading }>) {
    if (missing.length === 0) return;
    const { config, fromBlock } = this.model;
    const { feeds, sizes } = pack(apart(missing.map(({ reading }) => reading)), config.heads);
    const { border } = await this.run.run(feeds, sizes);
    let at = 0;
    for (const { key, reading } of missing) {
      const rows = fromBlock === config.layers ? reading.read.length : reading.ids.length;
      const end = at + rows * config.width;
      await this.kept.keep(key, (border as Float32Array).subarray(at, end));
      at = end;
    }
  }

  private numberOf(examples: Examples): number {
    const known = this.numbers.get(examples);
    if (known !== undefined) return known;
    this.numbers.set(examples, this.parts);
    return this.parts++;
  }

  async dispose(): Promise<void> {
    await this.run.dispose();
    await this.kept.dispose();
  }
}
