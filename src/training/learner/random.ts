import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Random numbers of one tensor: they depend on the seed and the tensor's name alone, whatever is drawn beside it. */
export class TensorRandom {
  private readonly uniform: () => number;

  constructor(seed: number, name: string) {
    const hash = createHash('sha256').update(`${seed}/${name}`).digest();
    const generator = xoroshiro128plusFromState([0, 4, 8, 12].map(at => hash.readInt32LE(at)));
    this.uniform = () => uniformFloat64(generator);
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
