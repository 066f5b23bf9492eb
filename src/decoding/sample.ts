import type { SampleSettings } from '../protocol/generation.ts';
import type { Decoder, Start } from './decoder.ts';
import { filtersOf, penaltiesOf } from './processors.ts';
import { draw, uniformStream } from './sampler.ts';
import { type Choose, decodeSingly } from './singly.ts';

/** Draws each token from what penalties, temperature and filters leave, each sample with random numbers of its own. */
export function sample(settings: SampleSettings & { readonly seed: number }, start: Start): Decoder {
  const ways = Array.from({ length: settings.count ?? 1 }, (_, number): Choose => {
    const uniform = uniformStream(settings.seed, number);
    return scores => draw(scores, uniform);
  });
  return decodeSingly(start, [...penaltiesOf(settings), ...filtersOf(settings)], ways);
}
