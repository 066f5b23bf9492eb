import type { Points } from '../../../src/protocol/panels/evaluation.ts';

/** The part of the plane that is in sight. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** All points, with some room around them. */
export function wholeFrame({ xs, ys }: Pick<Points, 'xs' | 'ys'>): Frame {
  const [left, right] = extent(xs);
  const [bottom, top] = extent(ys);
  return { left, right, bottom, top };
}

function extent(values: readonly number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!Number.isFinite(least)) return [-1, 1];
  const room = (most - least) * 0.05 || 1;
  return [least - room, most + room];
}

/** The frame `factor` times as large, in which the place (shares of it, from the left and the top) stays where it is. */
export function zoomed({ left, right, bottom, top }: Frame, factor: number, x: number, y: number): Frame {
  const [width, height] = [right - left, top - bottom];
  const [atX, atY] = [left + x * width, top - y * height];
  return {
    left: atX - x * width * factor,
    right: atX + (1 - x) * width * factor,
    bottom: atY - (1 - y) * height * factor,
    top: atY + y * height * factor,
  };
}

/** Moved by shares of it. */
export function moved({ left, right, bottom, top }: Frame, x: number, y: number): Frame {
  const [dx, dy] = [(right - left) * x, (top - bottom) * y];
  return { left: left - dx, right: right - dx, bottom: bottom + dy, top: top + dy };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const pixelsOf = (frame: Frame, { width, height }: Size, x: number, y: number): readonly [number, number] => [
  ((x - frame.left) / (frame.right - frame.left)) * width,
  ((frame.top - y) / (frame.top - frame.bottom)) * height,
];

/** The point nearest to a place, in pixels, within so many of them; null: none is near. Hidden groups have none. */
export function nearestPoint(
  points: Points,
  frame: Frame,
  size: Size,
  [px, py]: readonly [number, number],
  within: number,
  hidden: readonly number[],
): number | null {
  let [best, least] = [null as number | null, within * within];
  points.xs.forEach((x, i) => {
    if (hidden.includes(points.of[i] ?? 0)) return;
    const [qx, qy] = pixelsOf(frame, size, x, points.ys[i] ?? 0);
    const far = (qx - px) ** 2 + (qy - py) ** 2;
    if (far <= least) [best, least] = [i, far];
  });
  return best;
}
