import { type Feed, float32 } from '../onnx/session.ts';
import type { KeyValueCache } from './cache.ts';

/**
 * Which rows see which, beside themselves:
 * `causal`: every row sees the whole cache and the rows before it, as in one text;
 * `packed`: the cache is empty, and each row sees those before it from the row number given here, where its text starts.
 */
export type Attended = { readonly kind: 'causal' } | { readonly kind: 'packed'; readonly starts: readonly number[] };

/** What is added to the attention scores, [S, P + S]: 0 where a row sees another, -Infinity where it does not. */
export function attentionMask(rows: number, cache: KeyValueCache, attended: Attended): Feed {
  const past = cache.lentRows;
  const width = past + rows;
  const mask = new Float32Array(rows * width).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    const first = attended.kind === 'causal' ? 0 : (attended.starts[row] as number);
    mask.fill(0, row * width + past + first, row * width + past + row + 1);
    if (attended.kind === 'causal') mask.fill(0, row * width, row * width + cache.length);
  }
  return float32(mask, [rows, width]);
}
