import uPlot from 'uplot';
import { resolvedColours } from '../../shared/theme.ts';
import { decimated, type Range } from '../data/decimation.ts';
import type { PlotGroup } from '../data/plotGroups.ts';
import { logarithmicTicks } from '../figure/ticks.ts';
import { type CurveColour, DASHES, PALETTE } from './colours.ts';
import { drawMarks, type Marks } from './marks.ts';
import { type PlotLook, type PlottedCurve, valueRange } from './plotted.ts';
import { shortCount, tickText, xText } from './values.ts';

/** What a chart draws. */
export interface ChartContent {
  readonly group: PlotGroup;
  readonly curves: readonly PlottedCurve[];
  readonly look: PlotLook;
  readonly range: Range;
  /** Examples seen at an x, for the second axis; null: no such axis. */
  readonly examplesAt: ((x: number) => number | null) | null;
  readonly marks: Marks;
}

export interface ChartEvents {
  readonly onHover: (x: number | null) => void;
  readonly onZoom: (range: Range | null) => void;
  readonly onSelect: (x: number) => void;
}

/** Colours as the theme has them now. */
interface Theme {
  readonly text: string;
  readonly grid: string;
  readonly font: string;
  readonly palette: readonly string[];
  readonly strong: readonly string[];
}

/** Charts of one name move their cursors together. */
const TOGETHER = 'training-curves';
const AXIS_PIXELS = 52;
/** Distances between marks of an axis of steps: there is none between two of them. */
const WHOLE_STEPS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].flatMap(power => [power, 2 * power, 5 * power]);

/** Changes when a chart must be made anew; else its data alone are replaced. */
export const chartKey = ({ group, curves, look, examplesAt }: ChartContent): string =>
  JSON.stringify([
    group.id,
    curves.map(({ run, curve, colour, raw, shown }) => [
      run.folder,
      curve.metric,
      colour,
      raw === shown,
      raw.xs.length < 2,
    ]),
    look.xAxis,
    look.log,
    examplesAt === null,
  ]);

/** Makes a chart in an element, whose size it takes. `content` is asked whenever it draws. */
export function makeChart(element: HTMLElement, content: () => ChartContent, events: ChartEvents): uPlot {
  const theme = themeOf(element);
  const { clientWidth: width, clientHeight: height } = element;
  const { group, curves, look } = content();
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    padding: [6, 18, 0, 0],
    scales: { x: { time: false, auto: false }, y: { auto: false, distr: look.log ? 3 : 1 } },
    axes: axes(content, theme),
    series: [{}, ...curves.flatMap((curve, i) => seriesOf(curve, () => content().curves[i], theme))],
    cursor: {
      sync: { key: TOGETHER, filters: { pub: type => type === 'mousemove' || type === 'mouseleave' } },
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      y: false,
      bind: { dblclick: () => () => clearZoom(events) },
    },
    hooks: {
      setCursor: [chart => events.onHover(xUnder(chart))],
      setSelect: [chart => zoomTo(chart, events)],
      draw: [chart => drawMarks(chart, content().marks, theme.text, color => colour(theme, color))],
    },
  };
  const chart = new uPlot(options, [[]], element);
  chart.over.addEventListener('click', () => {
    const x = xUnder(chart);
    if (x !== null && chart.select.width === 0) events.onSelect(x);
  });
  chart.root.setAttribute('aria-hidden', 'true');
  chart.root.dataset['group'] = group.id;
  return chart;
}

/** Draws what there is now: of each curve as many points as can be seen. */
export function fillChart(chart: uPlot, { group, curves, look, range }: ChartContent): void {
  const pixels = Math.max(50, chart.width - AXIS_PIXELS);
  const lines = curves.flatMap(({ raw, shown }) => (raw === shown ? [raw] : [raw, shown]));
  const thin = lines.map(line => decimated(line, range, pixels));
  const [min, max] = valueRange(thin, look.log, group.share);
  const tables = thin.map(({ xs, ys }) => [xs, look.log ? positive(ys) : ys] as unknown as uPlot.AlignedData);
  chart.batch(() => {
    chart.setData(tables.length > 0 ? uPlot.join(tables) : [[]], false);
    chart.setScale('x', { min: range[0], max: range[1] });
    chart.setScale('y', { min, max });
  });
}

/** A logarithmic scale has no place for 0 and less. */
const positive = (ys: Float64Array): (number | null)[] => Array.from(ys, y => (y > 0 ? y : null));

function axes(content: () => ChartContent, { text, grid, font }: Theme): uPlot.Axis[] {
  const { group, look, examplesAt } = content();
  const lines = { stroke: grid, width: 1 };
  const plain = { stroke: text, font: `11px ${font}`, ticks: { ...lines, size: 4 }, gap: 3 };
  const below: uPlot.Axis = {
    ...plain,
    grid: { show: false },
    size: 22,
    space: 56,
    ...(look.xAxis === 'step' && { incrs: WHOLE_STEPS }),
    values: (_, splits) => splits.map(x => xText(x, look.xAxis)),
  };
  const examples: uPlot.Axis = {
    ...below,
    ticks: { show: false },
    border: { show: false },
    size: 16,
    gap: 0,
    font: `10px ${font}`,
    // Steps, epochs and times lie below; this axis tells how many examples were seen at the same places.
    values: (_, splits) => splits.map(x => examplesText(content().examplesAt?.(x) ?? null)),
  };
  const beside: uPlot.Axis = {
    ...plain,
    grid: lines,
    size: AXIS_PIXELS,
    space: 28,
    ...(look.log && {
      splits: (_: uPlot, __: number, min: number, max: number) => logarithmicTicks(min, max),
      filter: (_: uPlot, splits: number[]) => splits,
    }),
    values: (_, splits) => splits.map(y => (y === null ? '' : tickText(y, group.share))),
  };
  return examplesAt ? [below, beside, { ...examples, scale: 'x', side: 2 }] : [below, beside];
}

const examplesText = (examples: number | null): string => (examples === null ? '' : shortCount(examples));

/** A line; under a smoothed one the raw line, fainter. Few points are marked, as long as they are few. */
function seriesOf(
  { curve, colour: index, raw, shown }: PlottedCurve,
  now: () => PlottedCurve | undefined,
  theme: Theme,
): uPlot.Series[] {
  const stroke = colour(theme, index);
  const few = (most: number) => ({ show: () => (now()?.raw.xs.length ?? 0) <= most, size: 5, fill: stroke });
  const line: uPlot.Series = {
    stroke,
    width: curve.role === 'steps' ? 1.5 : 1.75,
    dash: [...DASHES[curve.role]],
    points: curve.role === 'steps' ? few(12) : few(60),
    spanGaps: true,
  };
  // A mean over an epoch belongs to no step: it is a mark at the epoch's end, and no line.
  if (curve.role === 'epoch')
    return [{ ...line, width: 0, points: { show: true, size: 9, stroke, fill: 'transparent' } }];
  if (raw === shown) return [line];
  return [{ ...line, width: 1, alpha: 0.28, points: { show: false } }, line];
}

const colour = ({ palette, strong }: Theme, of: CurveColour): string => (of.strong ? strong : palette)[of.index] ?? '';

function themeOf(element: HTMLElement): Theme {
  const names = [...PALETTE, ...PALETTE.map(name => `${name}-strong`), '--quiet', '--grid'];
  const colours = resolvedColours(element, names);
  const [text = '', grid = ''] = colours.slice(-2);
  return {
    text,
    grid,
    font: getComputedStyle(element).fontFamily,
    palette: colours.slice(0, PALETTE.length),
    strong: colours.slice(PALETTE.length, 2 * PALETTE.length),
  };
}

function xUnder(chart: uPlot): number | null {
  const { left } = chart.cursor;
  return left === undefined || left < 0 ? null : chart.posToVal(left, 'x');
}

/** The range that was drawn with the mouse becomes that of all charts. */
function zoomTo(chart: uPlot, { onZoom }: ChartEvents): void {
  const { left, width } = chart.select;
  if (width <= 0) return;
  const range: Range = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
  chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  onZoom(range);
}

function clearZoom({ onZoom }: ChartEvents): null {
  onZoom(null);
  return null;
}
