import { firstFrom, type Points } from './points.ts';

export type Range = readonly [min: number, max: number];

/** First, lowest, highest and last: what a pixel column of a line shows. */
const KEPT_PER_PIXEL = 4;

/**
 * As many of the points in a range as a line of so many pixels can show: of each pixel column its first, lowest, highest
 * and last point, so that the line looks the same and no peak is lost. One point beyond each end is kept, to which the
 * line leads.
 */
export function decimated({ xs, ys }: Points, [min, max]: Range, pixels: number): Points {
  const from = Math.max(0, firstFrom(xs, min) - 1);
  const to = Math.min(xs.length, firstFrom(xs, max) + 1);
  if (to - from <= pixels * KEPT_PER_PIXEL) return { xs: xs.subarray(from, to), ys: ys.subarray(from, to) };
  const kept = new Int32Array(pixels * KEPT_PER_PIXEL + 8);
  let count = 0;
  const columnOf = (i: number): number => Math.floor((((xs[i] as number) - min) / (max - min)) * pixels);
  for (let start = from; start < to; ) {
    const column = columnOf(start);
    let [end, low, high] = [start, start, start];
    for (; end < to && columnOf(end) === column; end++) {
      if ((ys[end] as number) < (ys[low] as number)) low = end;
      if ((ys[end] as number) > (ys[high] as number)) high = end;
    }
    for (const i of new Set([start, Math.min(low, high), Math.max(low, high), end - 1])) kept[count++] = i;
    start = end;
  }
  const indices = kept.subarray(0, count);
  const taken = (values: Float64Array): Float64Array => Float64Array.from(indices, i => values[i] as number);
  return { xs: taken(xs), ys: taken(ys) };
}
