import type { WeightInMemory } from '../../gpt2/weights.ts';
import type { Parameter } from '../learner.ts';

/** A trainable tensor whose gradient is kept between runs. */
export class TrainedParameter implements Parameter, WeightInMemory {
  readonly name: string;
  /** Its name among the weights of the model, which is what its input in a graph is called. */
  readonly input: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  private sum: Float32Array | null = null;

  constructor(savedName: string, { name, shape, values }: WeightInMemory) {
    this.name = savedName;
    this.input = name;
    this.shape = shape;
    this.values = values;
  }

  get gradient(): Float32Array {
    this.sum ??= new Float32Array(this.values.length);
    return this.sum;
  }

  clearGradient(): void {
    // A run leaves no time for garbage to be collected, and gradients are large: where it can be, the memory is let go now.
    (this.sum?.buffer as Partial<Transferable> | undefined)?.transfer?.(0);
    this.sum = null;
  }

  /** Takes the array itself where it is the first: the runtime has copied it out already. */
  addGradient(dense: Float32Array): void {
    if (!this.sum) {
      this.sum = dense;
      return;
    }
    const { sum } = this;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (dense[i] as number);
  }

  /** Adds row n of `rows` [N, D] to row ids[n]. */
  addGradientRows(ids: BigInt64Array, rows: Float32Array): void {
    const { gradient } = this;
    const width = rows.length / ids.length;
    for (const [row, id] of ids.entries()) {
      const [from, to] = [row * width, Number(id) * width];
      for (let i = 0; i < width; i++) gradient[to + i] = (gradient[to + i] as number) + (rows[from + i] as number);
    }
  }
}

/** Of ECMAScript 2024: Node 20 does not have it. */
interface Transferable {
  transfer(newLength: number): ArrayBuffer;
}
