import type { MetricsTable } from '../../../src/protocol/run/metrics.ts';
import type { Range } from '../data/decimation.ts';
import type { Curve, PlotGroup } from '../data/plotGroups.ts';
import { firstFrom, nearest, type Points, pointsOf, type XAxis } from '../data/points.ts';
import { smoothed } from '../data/smoothing.ts';
import { type CurveColour, colourOf } from './colours.ts';

/** A run as plots need it. */
export interface PlottedRun {
  readonly folder: string;
  readonly title: string;
  /** Among all runs of the page. */
  readonly index: number;
  readonly table: MetricsTable;
  readonly checkpoints: readonly number[];
  readonly bestStep: number | null;
}

/** A curve of a run with all its points. */
export interface PlottedCurve {
  readonly run: PlottedRun;
  readonly curve: Curve;
  readonly colour: CurveColour;
  readonly raw: Points;
  /** What is drawn over the raw line; the raw points themselves where nothing is smoothed. */
  readonly shown: Points;
}

/** How plots are drawn. */
export interface PlotLook {
  readonly xAxis: XAxis;
  readonly smoothing: number;
  readonly log: boolean;
  readonly zoom: Range | null;
}

/** The curves of a plot, run by run. `runs` counts all of the page, drawn or not, so that colours stay. */
export function plottedCurves(
  group: PlotGroup,
  drawn: readonly PlottedRun[],
  runs: number,
  { xAxis, smoothing }: PlotLook,
): PlottedCurve[] {
  return drawn.flatMap(run =>
    group.curves.flatMap((curve, at) => {
      const raw = pointsOf(run.table, xAxis, curve.metric);
      if (raw.xs.length === 0) return [];
      const smooth = smoothing > 0 && curve.noisy && raw.xs.length > 2;
      const shown = smooth ? { xs: raw.xs, ys: smoothed(raw.ys, smoothing) } : raw;
      return [{ run, curve, colour: colourOf(curve, at, run.index, runs), raw, shown }];
    }),
  );
}

/** From the first to the last x of any run, so that all plots stand over each other; a single point has room around it. */
export function wholeRange(runs: readonly PlottedRun[], xAxis: XAxis): Range {
  const ends = runs.flatMap(({ table }) => {
    const xs = table.column(xAxis);
    return xs.length === 0 ? [] : [xs[0] as number, xs.reduce((most, x) => Math.max(most, x), 0)];
  });
  if (ends.length === 0) return [0, 1];
  const [min, max] = [Math.min(...ends), Math.max(...ends)];
  return min === max ? [min - 1, max + 1] : [min, max];
}

/** From the lowest to the highest value that is drawn, with room above and below; on a logarithmic scale above 0. */
export function valueRange(lines: readonly Points[], log: boolean, share: boolean): Range {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { ys } of lines) {
    for (const y of ys) {
      if (!Number.isFinite(y) || (log && y <= 0)) continue;
      min = Math.min(min, y);
      max = Math.max(max, y);
    }
  }
  if (min > max) return log ? [0.1, 1] : [0, 1];
  if (log) return [min / 1.15, max * 1.15];
  const room = (max - min || Math.abs(max) || 1) * 0.06;
  return [min >= 0 ? Math.max(0, min - room) : min - room, share ? Math.min(1.02, max + room) : max + room];
}

/** x of a step, by the line that has it or the one before; null where the run has not come so far. */
export function xOfStep({ table }: PlottedRun, step: number, xAxis: XAxis): number | null {
  const steps = table.column('step');
  const line = firstFrom(steps, step);
  if (line === steps.length) return null;
  return table.value(xAxis, steps[line] === step ? line : Math.max(0, line - 1));
}

/** The step at an x: of the line that is nearest. */
export function stepAt({ table }: PlottedRun, x: number, xAxis: XAxis): number | null {
  const line = nearest({ xs: table.column(xAxis) }, x);
  return line < 0 ? null : table.value('step', line);
}

/** The run whose curves end last: the second axis tells its examples. */
export function furthestRun(runs: readonly PlottedRun[], xAxis: XAxis): PlottedRun | undefined {
  const end = ({ table }: PlottedRun): number => table.column(xAxis).at(-1) ?? Number.NEGATIVE_INFINITY;
  return runs.toSorted((a, b) => end(b) - end(a))[0];
}

/** Examples that a run had seen at an x, between two lines a share of the way; null where it has not been. */
export function examplesSeen({ table }: PlottedRun, x: number, xAxis: XAxis): number | null {
  const [xs, examples] = [table.column(xAxis), table.column('examplesSeen')];
  const after = firstFrom(xs, x);
  if (after === xs.length || (after === 0 && xs[0] !== x)) return null;
  if (after === 0) return examples[0] ?? 0;
  const [x0, x1] = [xs[after - 1] as number, xs[after] as number];
  const [from, to] = [examples[after - 1] as number, examples[after] as number];
  return Math.round(from + ((to - from) * (x - x0)) / (x1 - x0 || 1));
}
