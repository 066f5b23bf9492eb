import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Estimate } from '../../protocol/evaluation/folder.ts';
import { CONFIDENCE } from './distributions.ts';

const RESAMPLES = 2000;
const SEED = 123;

/**
 * A figure of rows with its percentile bootstrap interval (Efron 1979), for figures without an interval of their own, such
 * as the perplexity of all rows together. The same rows and seed give the same interval.
 * @param figure what is figured out of rows by their numbers, which may come more than once
 */
export function bootstrap(count: number, figure: (rows: Uint32Array) => number, seed = SEED): Estimate {
  const all = Uint32Array.from({ length: count }, (_, row) => row);
  const generator = xoroshiro128plus(seed);
  const figures = Float64Array.from({ length: RESAMPLES }, () =>
    figure(all.map(() => uniformInt(generator, 0, count - 1))),
  ).sort();
  const tail = (1 - CONFIDENCE) / 2;
  return { value: figure(all), low: quantile(figures, tail), high: quantile(figures, 1 - tail), count };
}

/** Of sorted values, with a straight line between two of them, as numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}
