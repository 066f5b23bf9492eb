import { createHash, randomInt } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { DecodingSettings, SampleSettings } from '../protocol/generation.ts';
import { sumOf, weightsOf } from '../scoring/softmax.ts';

/** Uniform in [0, 1). */
export type Uniform = () => number;

/**
 * The random numbers of one purpose: a sample by its number, a tensor by its name. They depend on the seed and on that
 * alone, whatever else is drawn beside it. The generator starts from a hash of both: neighbouring seeds put in as they are would begin alike.
 */
export function uniformStream(seed: number, purpose: number | string): Uniform {
  const hash = createHash('sha256').update(`${seed}/${purpose}`).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map(at => hash.readInt32LE(at)));
  return () => uniformFloat64(generator);
}

/** Settings whose random numbers are decided. */
export type SeededSettings = Exclude<DecodingSettings, SampleSettings> | (SampleSettings & { readonly seed: number });

export const seeded = (settings: DecodingSettings): SeededSettings =>
  settings.decoding === 'sample' ? { ...settings, seed: settings.seed ?? randomInt(2 ** 32) } : settings;

/** An id drawn with the probabilities softmax(scores), by inverting their cumulative distribution in double precision. */
export function draw(scores: Float32Array, uniform: Uniform): number {
  const weights = weightsOf(scores);
  const goal = uniform() * sumOf(weights);
  let cumulative = 0;
  let last = 0; // should rounding keep the sum below the goal
  for (let id = 0; id < weights.length; id++) {
    const weight = weights[id] as number;
    if (weight === 0) continue;
    cumulative += weight;
    if (cumulative > goal) return id;
    last = id;
  }
  return last;
}
