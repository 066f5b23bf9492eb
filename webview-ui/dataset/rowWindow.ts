/** Rows of equal height in a scroller, of which those in sight are drawn. */

export const ROW_PIXELS = 22;

/**
 * Higher than this no element is made: a browser's layout ends at 2^25 pixels of the screen, of which a fine screen has
 * two for each of the page. Where all rows would be higher, the scroll bar goes over them in larger steps.
 */
const HIGHEST_PIXELS = 10_000_000;

export interface RowWindow {
  /** The first row that is drawn, and the end of them. */
  readonly first: number;
  readonly end: number;
  /** Where the first one starts, in pixels from the top of all that is scrolled. */
  readonly top: number;
}

export const scrolledHeight = (rows: number): number => Math.min(rows * ROW_PIXELS, HIGHEST_PIXELS);

/** How many pixels of rows a pixel of the scroll bar goes over. */
function stride(rows: number, visible: number): number {
  const [all, scrolled] = [rows * ROW_PIXELS, scrolledHeight(rows)];
  return scrolled > visible && all > scrolled ? (all - visible) / (scrolled - visible) : 1;
}

/** The rows in sight, and some around them, of a scroller that stands at `scrollTop` and shows so many pixels of them. */
export function windowAt(scrollTop: number, visible: number, rows: number, around = 8): RowWindow {
  const at = Math.max(0, scrollTop) * stride(rows, visible);
  const first = Math.max(0, Math.min(rows, Math.floor(at / ROW_PIXELS)) - around);
  const end = Math.min(rows, Math.ceil((at + visible) / ROW_PIXELS) + around);
  return { first, end, top: scrollTop - (at - first * ROW_PIXELS) };
}

/** The place of the scroller nearest to where it is that has the row in sight. */
export function scrollTopWith(row: number, scrollTop: number, visible: number, rows: number): number {
  const step = stride(rows, visible);
  const at = scrollTop * step;
  const start = row * ROW_PIXELS;
  if (start < at) return start / step;
  if (start + ROW_PIXELS > at + visible) return (start + ROW_PIXELS - visible) / step;
  return scrollTop;
}
