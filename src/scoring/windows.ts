/** A stretch of a token sequence that one context holds. Tokens `scored` … `end` - 1 are predicted in this one. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** Index, in the sequence, of the first token that is scored here. */
  readonly scored: number;
}

/**
 * Windows that start at 0, n/2, n, … for a context of n tokens. Each token but the first is scored once, in the first
 * window that holds it, which is the one that gives it the longest context.
 */
export function windowsOver(tokens: number, contextLength: number): Window[] {
  const windows: Window[] = [];
  const stride = Math.max(1, Math.floor(contextLength / 2));
  for (let start = 0, scored = 1; scored < tokens; start += stride) {
    const end = Math.min(start + contextLength, tokens);
    windows.push({ start, end, scored });
    scored = end;
  }
  return windows;
}
