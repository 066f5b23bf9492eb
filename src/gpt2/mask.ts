import { type Feed, float32 } from '../onnx/session.ts';
import type { KeyValueCache } from './cache.ts';

/**
 * Which rows see which, beside themselves:
 * `causal`: every row sees the whole cache and the rows before it, as in one text;
 * `packed`: the cache is empty, and each row sees those before it from the row number given here, where its text starts;
 * `chosen`: each row sees the cache rows given here and no other row, as the next tokens of several texts do that share
 * a cache. Numbers from the cache's length on are the rows of the run itself.
 */
export type Attended =
  | { readonly kind: 'causal' }
  | { readonly kind: 'packed'; readonly starts: readonly number[] }
  | { readonly kind: 'chosen'; readonly cacheRows: ReadonlyArray<ArrayLike<number>> };

/** What is added to the attention scores, [S, P + S]: 0 where a row sees another, -Infinity where it does not. */
export function attentionMask(rows: number, cache: KeyValueCache, attended: Attended): Feed {
  const past = cache.lentRows;
  const width = past + rows;
  const mask = new Float32Array(rows * width).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    const seen = mask.subarray(row * width, (row + 1) * width);
    seen[past + row] = 0;
    see(seen, row, attended, { length: cache.length, past });
  }
  return float32(mask, [rows, width]);
}

function see(seen: Float32Array, row: number, attended: Attended, cache: { length: number; past: number }): void {
  if (attended.kind === 'causal') seen.fill(0, 0, cache.length).fill(0, cache.past, cache.past + row);
  else if (attended.kind === 'packed') seen.fill(0, cache.past + (attended.starts[row] as number), cache.past + row);
  else {
    const chosen = attended.cacheRows[row] as ArrayLike<number>;
    const ofRun = cache.past - cache.length; // an empty cache lends a row that nobody sees
    for (let i = 0; i < chosen.length; i++) {
      const at = chosen[i] as number;
      seen[at < cache.length ? at : at + ofRun] = 0;
    }
  }
}
