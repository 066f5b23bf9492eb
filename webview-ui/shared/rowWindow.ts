/** Rows of equal height in a scroller, of which those in sight are drawn. */

/** Of a row with one line of text. */
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

export const scrolledHeight = (rows: number, rowPixels = ROW_PIXELS): number =>
  Math.min(rows * rowPixels, HIGHEST_PIXELS);

/** How many pixels of rows a pixel of the scroll bar goes over. */
function stride(rows: number, visible: number, rowPixels: number): number {
  const [all, scrolled] = [rows * rowPixels, scrolledHeight(rows, rowPixels)];
  return scrolled > visible && all > scrolled ? (all - visible) / (scrolled - visible) : 1;
}

/** Rows drawn before and after those in sight. */
const AROUND = 8;

/** The rows in sight, and some around them, of a scroller that stands at `scrollTop` and shows so many pixels of them. */
export function windowAt(scrollTop: number, visible: number, rows: number, rowPixels = ROW_PIXELS): RowWindow {
  const at = Math.max(0, scrollTop) * stride(rows, visible, rowPixels);
  const first = Math.max(0, Math.min(rows, Math.floor(at / rowPixels)) - AROUND);
  const end = Math.min(rows, Math.ceil((at + visible) / rowPixels) + AROUND);
  return { first, end, top: scrollTop - (at - first * rowPixels) };
}

/** The place of the scroller nearest to where it is that has the row in sight. */
export function scrollTopWith(
  row: number,
  scrollTop: number,
  visible: number,
  rows: number,
  rowPixels = ROW_PIXELS,
): number {
  const step = stride(rows, visible, rowPixels);
  const at = scrollTop * step;
  const start = row * rowPixels;
  if (start < at) return start / step;
  if (start + rowPixels > at + visible) return (start + rowPixels - visible) / step;
  return scrollTop;
}
