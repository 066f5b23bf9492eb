import type uPlot from 'uplot';
import type { CurveColour } from './colours.ts';

/** What is marked on a chart, at places of its x axis. */
export interface Marks {
  readonly checkpoints: ReadonlyArray<{ readonly x: number; readonly colour: CurveColour }>;
  /** Of the models that were kept as the best. */
  readonly best: ReadonlyArray<{ readonly x: number; readonly colour: CurveColour }>;
  /** The point that was chosen. */
  readonly chosen: number | null;
}

const SIZE_PIXELS = 4;

/** Triangles for checkpoints under the axis, diamonds for best models on it; a line through the point that was chosen. */
export function drawMarks(
  chart: uPlot,
  { checkpoints, best, chosen }: Marks,
  text: string,
  colourOf: (colour: CurveColour) => string,
): void {
  const { ctx: pen, bbox } = chart;
  const { min = 0, max = 0 } = chart.scales['x'] ?? {};
  const inside = (x: number): boolean => x >= (min ?? 0) && x <= (max ?? 0);
  const size = SIZE_PIXELS * devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  const at = (x: number): number => chart.valToPos(x, 'x', true);
  pen.save();
  for (const { x, colour } of checkpoints.filter(({ x }) => inside(x))) {
    pen.fillStyle = colourOf(colour);
    shape(pen, [at(x) - size, bottom + 1.8 * size], [at(x) + size, bottom + 1.8 * size], [at(x), bottom]);
  }
  for (const { x, colour } of best.filter(({ x }) => inside(x))) {
    pen.fillStyle = colourOf(colour);
    const middle = bottom - 1.4 * size;
    shape(pen, [at(x), middle - size], [at(x) + size, middle], [at(x), middle + size], [at(x) - size, middle]);
  }
  if (chosen !== null && inside(chosen)) {
    pen.strokeStyle = text;
    pen.lineWidth = devicePixelRatio;
    pen.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio]);
    pen.beginPath();
    pen.moveTo(at(chosen), bbox.top);
    pen.lineTo(at(chosen), bottom);
    pen.stroke();
  }
  pen.restore();
}

function shape(pen: CanvasRenderingContext2D, ...corners: Array<readonly [x: number, y: number]>): void {
  pen.beginPath();
  corners.forEach(([x, y], i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.closePath();
  pen.fill();
}
