import type { Range } from '../data/decimation.ts';
import { nearest } from '../data/points.ts';
import type { PlottedCurve } from './plotted.ts';

export type KeyTarget =
  | { readonly kind: 'move'; readonly x: number | null }
  | { readonly kind: 'zoom'; readonly range: Range | null }
  | { readonly kind: 'select'; readonly x: number };

/** What a key does in a plot: arrows go from point to point, + and − zoom, Enter chooses, 0 and Escape take it back. */
export function keyTarget(
  key: string,
  at: number | null,
  curves: readonly PlottedCurve[],
  shown: Range,
  whole: Range,
): KeyTarget | null {
  const points = curves.reduce<Float64Array>(
    (most, { raw }) => (raw.xs.length > most.length ? raw.xs : most),
    new Float64Array(),
  );
  const last = points.length - 1;
  if (last < 0) return null;
  const here = at === null ? null : nearest({ xs: points }, at);
  const page = Math.max(1, Math.round(points.length / 20));
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: here === null ? 0 : here + 1,
    ArrowLeft: here === null ? last : here - 1,
    PageUp: (here ?? -page) + page,
    PageDown: (here ?? last + page) - page,
    Home: 0,
    End: last,
  };
  const move = moves[key];
  if (move !== undefined) return { kind: 'move', x: points[Math.min(last, Math.max(0, move))] as number };
  switch (key) {
    case '+':
    case '=':
      return { kind: 'zoom', range: scaled(shown, at, 0.5, whole) };
    case '-':
      return { kind: 'zoom', range: scaled(shown, at, 2, whole) };
    case '0':
      return { kind: 'zoom', range: null };
    case 'Escape':
      return at === null ? { kind: 'zoom', range: null } : { kind: 'move', x: null };
    case 'Enter':
      return at === null ? null : { kind: 'select', x: at };
    default:
      return null;
  }
}

/** The range made narrower or wider around a place; null where it is all there is. */
function scaled([min, max]: Range, at: number | null, factor: number, whole: Range): Range | null {
  const centre = at ?? (min + max) / 2;
  const range: Range = [
    Math.max(whole[0], centre - (centre - min) * factor),
    Math.min(whole[1], centre + (max - centre) * factor),
  ];
  return range[0] <= whole[0] && range[1] >= whole[1] ? null : range;
}
