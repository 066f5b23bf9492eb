/** A vertical slice of the strip: the tokens in `from` to `to` (exclusive), with their mean and highest value. */
export interface StripColumn {
  readonly from: number;
  readonly to: number;
  /** Null where no token has a value. */
  readonly mean: number | null;
  readonly peak: number | null;
}

/** As many columns as tokens, but no more than there is room for. */
export function stripColumns(values: readonly (number | null)[], room: number): StripColumn[] {
  const columns = Math.max(0, Math.min(values.length, Math.floor(room)));
  return Array.from({ length: columns }, (_, at) => {
    const from = Math.floor((at * values.length) / columns);
    const to = Math.floor(((at + 1) * values.length) / columns);
    const known = values.slice(from, to).filter(value => value !== null);
    if (known.length === 0) return { from, to, mean: null, peak: null };
    return { from, to, mean: known.reduce((sum, value) => sum + value, 0) / known.length, peak: Math.max(...known) };
  });
}

/** The top of the scale in bits: a multiple of 3, with the last step of the heat always in sight. */
export const scaleTop = (values: readonly (number | null)[]): number =>
  Math.ceil(values.reduce<number>((top, value) => Math.max(top, value ?? 0), 12) / 3) * 3;

/** Which bits are written beside the strip, and at what share (0 to 1) of its height. */
export function scaleLabels(values: readonly (number | null)[]): Array<{ bits: number; share: number }> {
  const top = scaleTop(values);
  return Array.from({ length: Math.floor(top / 6) }, (_, at) => ({ bits: (at + 1) * 6, share: ((at + 1) * 6) / top }));
}

/** The token at a share (0 to 1) of the strip's width. */
export const tokenAt = (share: number, tokens: number): number =>
  Math.min(tokens - 1, Math.max(0, Math.floor(share * tokens)));
