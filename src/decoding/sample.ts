import type { SampleSettings } from '../protocol/generation.ts';
import type { Decoder, Start } from './decoder.ts';
import { drawingOf } from './drawing.ts';
import { filtersOf, penaltiesOf } from './processors.ts';
import { draw, uniformStream } from './sampler.ts';
import { decodeSingly, type Way } from './singly.ts';

/** Draws each token from what penalties, temperature and filters leave, each sample with random numbers of its own. */
export function sample(settings: SampleSettings & { readonly seed: number }, start: Start): Decoder {
  const ways = Array.from({ length: settings.count ?? 1 }, (_, number): Way => {
    const uniform = uniformStream(settings.seed, number);
    return { choose: scores => draw(scores, uniform), drawing: drawingOf(settings, uniform) };
  });
  return decodeSingly(start, [...penaltiesOf(settings), ...filtersOf(settings)], ways);
}
