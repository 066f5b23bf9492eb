import type { MetricsTable } from '../../../src/protocol/run/metrics.ts';

/** A curve's points, by rising x. */
export interface Points {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** What a plot is drawn over. */
export type XAxis = 'step' | 'epoch' | 'elapsedSeconds';

/** The points of a metric: the lines that have it. Those of a resumed run that would lead back in time stay in order. */
export function pointsOf(table: MetricsTable, x: XAxis, metric: string): Points {
  const known = kept.get(table);
  const points = known?.version === table.version ? known.points : new Map<string, Points>();
  if (points !== known?.points) kept.set(table, { version: table.version, points });
  const name = `${x} ${metric}`;
  const found = points.get(name) ?? pointsIn(table, x, metric);
  points.set(name, found);
  return found;
}

/** Zooming and smoothing ask for the same points again and again. */
const kept = new WeakMap<MetricsTable, { readonly version: number; readonly points: Map<string, Points> }>();

function pointsIn(table: MetricsTable, x: XAxis, metric: string): Points {
  const [all, values] = [table.column(x), metric === 'tokensPerSecond' ? paceOfSteps(table) : table.column(metric)];
  const known = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  const [xs, ys] = [new Float64Array(known), new Float64Array(known)];
  let [at, last] = [0, Number.NEGATIVE_INFINITY];
  for (let line = 0; line < values.length; line++) {
    const value = values[line] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    last = Math.max(last, all[line] ?? last);
    xs[at] = last;
    ys[at++] = value;
  }
  return { xs, ys };
}

/** Every line tells a pace; that of an evaluation's own line is no step's. */
function paceOfSteps(table: MetricsTable): Float64Array {
  const loss = table.column('loss');
  return table.column('tokensPerSecond').map((pace, line) => (Number.isNaN(loss[line]) ? Number.NaN : pace));
}

/** Index of the point that is nearest to x; -1 where there is none. */
export function nearest({ xs }: Pick<Points, 'xs'>, x: number): number {
  const after = firstFrom(xs, x);
  if (after === 0) return xs.length === 0 ? -1 : 0;
  if (after === xs.length) return xs.length - 1;
  return (xs[after] as number) - x < x - (xs[after - 1] as number) ? after : after - 1;
}

/** Index of the first value that is not less than x; the length where there is none. */
export function firstFrom(xs: Float64Array, x: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
