/** A line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  readonly color: string;
  readonly dashed?: boolean;
  /** Thin and pale, behind the others, and not in the legend. */
  readonly faint?: boolean;
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

/** Colours that the colour-blind tell apart (Okabe and Ito 2008). */
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

const SIZE = { width: 760, height: 360 };
const PLOT = { left: 60, top: 40, right: 620, bottom: 310 };
const INK = '#24292f';
const GRID = '#d0d7de';

/** SVG on a ground of its own, so that it reads on pages of any colour. */
export function svgOf({ title, xLabel, yLabel, series }: Chart): string {
  const xs = axisOf(
    series.flatMap(({ points }) => points.map(([x]) => x)),
    PLOT.left,
    PLOT.right,
  );
  const ys = axisOf(
    series.flatMap(({ points }) => points.map(([, y]) => y)),
    PLOT.bottom,
    PLOT.top,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12" fill="${INK}">`,
    `<title>${title}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" rx="6" fill="#ffffff"/>`,
    text((PLOT.left + PLOT.right) / 2, 24, title, 'middle', 'font-size="14" font-weight="600"'),
    ...ys.ticks.flatMap(tick => [
      line(PLOT.left, ys.at(tick), PLOT.right, ys.at(tick)),
      text(PLOT.left - 8, ys.at(tick) + 4, label(tick), 'end'),
    ]),
    ...xs.ticks.map(tick => text(xs.at(tick), PLOT.bottom + 18, label(tick), 'middle')),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 38, xLabel, 'middle'),
    text(0, 0, yLabel, 'middle', `transform="translate(16 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)"`),
    ...series.filter(({ faint }) => faint).map(each => polyline(each, xs.at, ys.at)),
    ...series.filter(({ faint }) => !faint).map(each => polyline(each, xs.at, ys.at)),
    ...legend(series.filter(({ faint }) => !faint)),
    '</svg>',
    '',
  ].join('\n');
}

interface Axis {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** About five ticks at 1, 2 or 5 times a power of ten. */
function axisOf(values: readonly number[], from: number, to: number): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find(factor => factor * power >= rough) ?? 10);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const ticks = Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step);
  return { ticks, at: value => from + ((value / step - first) / (last - first || 1)) * (to - from) };
}

const label = (tick: number): string => Number(tick.toPrecision(6)).toLocaleString('en');
const place = (value: number): string => value.toFixed(1);

const text = (x: number, y: number, content: string, anchor: string, more = ''): string =>
  `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" ${more}>${content}</text>`;

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}" stroke="${GRID}"/>`;

function polyline({ points, ...style }: Series, x: Axis['at'], y: Axis['at']): string {
  const places = points.map(([px, py]) => `${place(x(px))},${place(y(py))}`).join(' ');
  return `<polyline fill="none" ${strokeOf(style)} points="${places}"/>`;
}

const strokeOf = ({ color, dashed, faint }: Omit<Series, 'points'>): string =>
  `stroke="${color}" stroke-width="${faint ? 1 : 2}" stroke-linejoin="round"` +
  `${dashed ? ' stroke-dasharray="7 4"' : ''}${faint ? ' stroke-opacity="0.45"' : ''}`;

function legend(series: readonly Series[]): string[] {
  return series.flatMap((each, index) => {
    const y = PLOT.top + 14 + index * 18;
    return [
      `<line x1="${PLOT.right + 14}" y1="${y - 4}" x2="${PLOT.right + 40}" y2="${y - 4}" ${strokeOf(each)}/>`,
      text(PLOT.right + 46, y, each.name, 'start'),
    ];
  });
}
