import { decimated, type Range } from '../data/decimation.ts';
import type { PlotGroup } from '../data/plotGroups.ts';
import { DASHES } from '../plots/colours.ts';
import {
  type PlotLook,
  type PlottedCurve,
  type PlottedRun,
  plottedCurves,
  valueRange,
  wholeRange,
} from '../plots/plotted.ts';
import { tickText, X_TITLES, xText } from '../plots/values.ts';
import type { Figure, Line, Shape, Words } from './shapes.ts';
import { linearTicks, logarithmicTicks } from './ticks.ts';

/** What a figure is made from: the page's plots as they stand. */
export interface FigureContent {
  readonly groups: readonly PlotGroup[];
  readonly drawn: readonly PlottedRun[];
  /** Of the page, drawn or not. */
  readonly runs: number;
  readonly look: PlotLook;
}

/** On white paper, whatever the editor's theme: told apart in print, and by those who see few colours (Okabe and Ito 2008). */
const PAPER = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#444444'] as const;
const PAPER_STRONG = ['#004c77', '#8f3f00', '#00694d', '#8d4f72', '#7a5907', '#2f86b8', '#000000'] as const;
const [INK, FAINT, GRID] = ['#222222', '#666666', '#dddddd'];

const PLOT = { width: 340, height: 210, left: 46, right: 12, top: 26, bottom: 34 } as const;
const COLUMNS = 2;
/** As many points as a line of a plot shows on paper. */
const LINE_PLACES = 900;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The plots of a page, two beside each other, each with its axes and a key of its lines. */
export function figureOf({ groups, drawn, runs, look }: FigureContent): Figure {
  const range = look.zoom ?? wholeRange(drawn, look.xAxis);
  const columns = Math.min(COLUMNS, groups.length);
  const plots = groups.map(group => {
    const own = { ...look, log: look.log && !group.share };
    return { group, look: own, curves: plottedCurves(group, drawn, runs, own) };
  });
  const keyLines = Math.max(1, ...plots.map(({ curves }) => keyRows(curves).length));
  const rowHeight = PLOT.height + keyLines * 13;
  const shapes = plots.flatMap(({ group, curves, look: own }, i) => {
    const [left, top] = [(i % columns) * PLOT.width, Math.floor(i / columns) * rowHeight];
    return plotShapes({ group, curves, look: own, range, runs }, left, top);
  });
  return { width: columns * PLOT.width, height: Math.ceil(groups.length / Math.max(1, columns)) * rowHeight, shapes };
}

interface PlotContent {
  readonly group: PlotGroup;
  readonly curves: readonly PlottedCurve[];
  readonly look: PlotLook;
  readonly range: Range;
  readonly runs: number;
}

function plotShapes(content: PlotContent, left: number, top: number): Shape[] {
  const { group, curves, look, range } = content;
  const lines = curves.flatMap(({ raw, shown }) => (raw === shown ? [raw] : [raw, shown]));
  const thin = lines.map(line => decimated(line, range, LINE_PLACES));
  const values = valueRange(thin, look.log, group.share);
  const frame = frameOf(left, top, range, values, look.log);
  return [
    words(frame.left, top + 16, group.title, { size: 11, bold: true }),
    ...axes(content, values, frame),
    ...curves.flatMap(curve => curveLines(curve, range, frame, look.log)),
    ...keyShapes(curves, content.runs, frame),
  ];
}

function frameOf(left: number, top: number, [minX, maxX]: Range, [minY, maxY]: Range, log: boolean): Frame {
  const frame = {
    left: left + PLOT.left,
    top: top + PLOT.top,
    width: PLOT.width - PLOT.left - PLOT.right,
    height: PLOT.height - PLOT.top - PLOT.bottom,
  };
  const scale = log ? Math.log10 : (value: number): number => value;
  return {
    ...frame,
    x: value => frame.left + ((value - minX) / (maxX - minX)) * frame.width,
    y: value => frame.top + (1 - (scale(value) - scale(minY)) / (scale(maxY) - scale(minY))) * frame.height,
  };
}

function axes({ group, look, range }: PlotContent, [minY, maxY]: Range, frame: Frame): Shape[] {
  const bottom = frame.top + frame.height;
  const ys = look.log ? logarithmicTicks(minY, maxY) : linearTicks(minY, maxY, 5);
  const xs = linearTicks(range[0], range[1], 5);
  return [
    ...ys.map(y =>
      line(
        [
          [frame.left, frame.y(y)],
          [frame.left + frame.width, frame.y(y)],
        ],
        GRID,
        0.5,
      ),
    ),
    ...ys.map(y => words(frame.left - 5, frame.y(y) + 3, tickText(y, group.share), { anchor: 'end' })),
    line(
      [
        [frame.left, bottom],
        [frame.left + frame.width, bottom],
      ],
      FAINT,
      0.75,
    ),
    ...xs.flatMap(x => [
      line(
        [
          [frame.x(x), bottom],
          [frame.x(x), bottom + 3],
        ],
        FAINT,
        0.75,
      ),
      words(frame.x(x), bottom + 12, xText(x, look.xAxis), { anchor: 'middle' }),
    ]),
    words(frame.left + frame.width, bottom + 23, X_TITLES[look.xAxis], { anchor: 'end', colour: FAINT }),
  ];
}

/** The raw line, fainter, under a smoothed one. A point outside the scale ends a line. */
function curveLines({ curve, colour, raw, shown }: PlottedCurve, range: Range, frame: Frame, log: boolean): Line[] {
  const ink = inkOf(colour);
  const drawn = (points: PlottedCurve['raw'], opacity: number, width: number): Line[] => {
    const { xs, ys } = decimated(points, range, LINE_PLACES);
    const places = Array.from(xs, (x, i) => [x, ys[i] as number] as const)
      .filter(([x, y]) => x >= range[0] && x <= range[1] && Number.isFinite(y) && (!log || y > 0))
      .map(([x, y]) => [frame.x(x), frame.y(y)] as const);
    const marks =
      places.length <= 60 && (curve.role !== 'steps' || places.length < 3)
        ? places.map(place => dot(place, ink, 1.6))
        : [];
    if (curve.role === 'epoch') return places.map(place => dot(place, ink, 2.4));
    return [{ ...line(places, ink, width), dash: DASHES[curve.role], opacity }, ...marks];
  };
  return raw === shown ? drawn(raw, 1, 1.1) : [...drawn(raw, 0.3, 0.7), ...drawn(shown, 1, 1.1)];
}

const keyRows = (curves: readonly PlottedCurve[]): PlottedCurve[][] => {
  const rows: PlottedCurve[][] = [];
  for (const curve of curves) {
    const row = rows.at(-1);
    if (row && row.length < 2 && row[0]?.run === curve.run) row.push(curve);
    else rows.push([curve]);
  }
  return rows;
};

function keyShapes(curves: readonly PlottedCurve[], runs: number, frame: Frame): Shape[] {
  const top = frame.top + frame.height + PLOT.bottom + 2;
  return keyRows(curves).flatMap((row, r) =>
    row.flatMap(({ curve, colour, run }, c): Shape[] => {
      const [x, y] = [frame.left + (c * frame.width) / 2, top + r * 13];
      const label = runs > 1 ? `${shortened(run.title)}, ${curve.label}` : curve.label;
      const sample =
        curve.role === 'epoch' ? dot([x + 10, y - 3], inkOf(colour), 2.4) : lineSample(x, y - 3, curve, colour);
      return [sample, words(x + 25, y, label, {})];
    }),
  );
}

const lineSample = (x: number, y: number, { role }: PlottedCurve['curve'], colour: PlottedCurve['colour']): Line => ({
  ...line(
    [
      [x, y],
      [x + 20, y],
    ],
    inkOf(colour),
    1.2,
  ),
  dash: DASHES[role],
});

const shortened = (title: string): string => (title.length > 22 ? `${title.slice(0, 21)}…` : title);

const inkOf = ({ index, strong }: PlottedCurve['colour']): string => (strong ? PAPER_STRONG : PAPER)[index] ?? INK;

const line = (points: Line['points'], colour = INK, width = 1): Line => ({
  kind: 'line',
  points,
  colour,
  width,
  dash: [],
  opacity: 1,
});

const dot = ([x, y]: readonly [number, number], colour: string, size: number): Line => ({
  ...line(
    [
      [x - size, y],
      [x, y - size],
      [x + size, y],
      [x, y + size],
    ],
    colour,
  ),
  filled: true,
});

const words = (
  x: number,
  y: number,
  text: string,
  look: Partial<Pick<Words, 'size' | 'anchor' | 'colour' | 'bold'>>,
): Words => ({
  kind: 'words',
  x,
  y,
  text,
  size: 9,
  colour: INK,
  anchor: 'start',
  ...look,
});
