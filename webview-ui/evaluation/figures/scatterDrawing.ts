import type { Points } from '../../../src/protocol/panels/evaluation.ts';
import { type Frame, pixelsOf, type Size } from './scatterView.ts';

/** Groups beyond these share colours with earlier ones, and differ from them in shape. */
export const COLOURS = 7;

type Draw = (context: CanvasRenderingContext2D, x: number, y: number, r: number) => void;

/** Shapes by which groups are told apart as well as by colour. */
const SHAPES: readonly Draw[] = [
  (context, x, y, r) => context.arc(x, y, r, 0, 2 * Math.PI),
  (context, x, y, r) => context.rect(x - r, y - r, 2 * r, 2 * r),
  (context, x, y, r) => polygon(context, [x, y - 1.3 * r], [x + 1.2 * r, y + r], [x - 1.2 * r, y + r]),
  (context, x, y, r) => polygon(context, [x, y - 1.4 * r], [x + 1.4 * r, y], [x, y + 1.4 * r], [x - 1.4 * r, y]),
];

function polygon(context: CanvasRenderingContext2D, ...corners: ReadonlyArray<readonly [number, number]>): void {
  corners.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
}

const drawShape = (context: CanvasRenderingContext2D, group: number, x: number, y: number, r: number): void => {
  context.beginPath();
  (SHAPES[group % SHAPES.length] as Draw)(context, x, y, r);
};

export interface ScatterLook {
  readonly colours: readonly string[];
  readonly outline: string;
  readonly hidden: readonly number[];
  /** Points that stand out, by their places. */
  readonly marked: readonly number[];
}

/** Draws all points of the groups that are not hidden, those that are marked last and larger. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  points: Points,
  frame: Frame,
  size: Size,
  { colours, outline, hidden, marked }: ScatterLook,
): void {
  context.clearRect(0, 0, size.width, size.height);
  const many = points.xs.length > 2000;
  context.globalAlpha = many ? 0.55 : 0.8;
  const at = (i: number): readonly [number, number] => pixelsOf(frame, size, points.xs[i] ?? 0, points.ys[i] ?? 0);
  points.xs.forEach((_, i) => {
    const group = points.of[i] ?? 0;
    if (hidden.includes(group)) return;
    const [x, y] = at(i);
    if (x < -5 || y < -5 || x > size.width + 5 || y > size.height + 5) return;
    context.fillStyle = colours[group % colours.length] ?? '';
    drawShape(context, group, x, y, many ? 1.8 : 2.8);
    context.fill();
  });
  context.globalAlpha = 1;
  for (const i of marked) {
    const [x, y] = at(i);
    context.fillStyle = colours[(points.of[i] ?? 0) % colours.length] ?? '';
    context.strokeStyle = outline;
    drawShape(context, points.of[i] ?? 0, x, y, 5);
    context.fill();
    context.stroke();
  }
}
