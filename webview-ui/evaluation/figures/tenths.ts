/** `55.3`: a score, or a mean of counts. */
export const tenths = (value: number): string => value.toFixed(1);
