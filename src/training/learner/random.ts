import { type Uniform, uniformStream } from '../../decoding/sampler.ts';

/** Random numbers of one tensor: they depend on the seed and the tensor's name alone, whatever is drawn beside it. */
export class TensorRandom {
  private readonly uniform: Uniform;

  constructor(seed: number, name: string) {
    this.uniform = uniformStream(seed, name);
  }

  /** N(0, deviation), by Box and Muller's transform. */
  normal(count: number, deviation: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      values[i] = radius * Math.cos(angle);
      if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
    }
    return values;
  }

  /** Uniform in [-bound, bound). */
  within(count: number, bound: number): Float32Array {
    return Float32Array.from({ length: count }, () => bound * (2 * this.uniform() - 1));
  }
}
