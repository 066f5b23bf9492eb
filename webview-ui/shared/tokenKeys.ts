import { tokenOnNextLine } from './lineSteps.ts';

/** Where a key leads from a token of a running text with so many; null for keys that lead nowhere. */
export function tokenAfterKey(key: string, within: HTMLElement, from: number | null, tokens: number): number | null {
  const last = tokens - 1;
  const at = from ?? -1;
  const bounded = (token: number): number => Math.min(last, Math.max(0, token));
  const element = (): HTMLElement | null => within.querySelector(`[data-token="${at}"]`);
  switch (key) {
    case 'ArrowRight':
      return bounded(at + 1);
    case 'ArrowLeft':
      return bounded(at - 1);
    case 'ArrowDown':
    case 'ArrowUp':
      return tokenOnNextLine(within, element(), key === 'ArrowDown') ?? bounded(at);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
