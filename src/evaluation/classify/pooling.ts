import type { ClassifierConfig } from '../../gpt2/classifierConfig.ts';

type Pooled = Pick<ClassifierConfig, 'pooling' | 'padToken'>;

/**
 * The rows whose mean the head reads after the first `count` tokens. `position` reads the last of what it is given: the
 * padded end.
 */
export function pooledRows({ pooling, padToken }: Pooled, ids: readonly number[], count = ids.length): number[] {
  switch (pooling) {
    case 'first':
      return [0];
    case 'position':
      return [count - 1];
    case 'last':
      return [Math.max(0, lastReal(ids, padToken, count))];
    case 'mean':
      return [...Array(count).keys()];
  }
}

/** The state [D] that the head reads after the first `count` tokens, out of their hidden states [T, D]. */
export const pooledState = (
  pooled: Pooled,
  ids: readonly number[],
  hidden: Float32Array,
  width: number,
  count = ids.length,
): Float32Array => meanOf(pooledRows(pooled, ids, count).map(at => hidden.subarray(at * width, (at + 1) * width)));

/** Where the padded end is read, ids are filled up to it: to the length of training, or the whole context. */
export function filledUp(
  { pooling, paddedLength, padToken }: Pick<ClassifierConfig, 'pooling' | 'paddedLength' | 'padToken'>,
  ids: readonly number[],
  positions: number,
): readonly number[] {
  if (pooling !== 'position') return ids;
  const padding = Math.min(positions, paddedLength ?? positions) - ids.length;
  return [...ids, ...new Array<number>(Math.max(0, padding)).fill(padToken ?? 0)];
}

/** As GPT2ForSequenceClassification: the last token that is not the padding's, also where padding stands in between. */
function lastReal(ids: readonly number[], padToken: number | null, count: number): number {
  for (let at = count - 1; at >= 0; at--) if (ids[at] !== padToken) return at;
  return -1;
}

/** In double precision, over all tokens of the text: also one that looks like padding is none here. */
export function meanOf(rows: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = rows;
  if (rows.length === 1) return first;
  const sums = new Float64Array(first.length);
  for (const row of rows) for (let i = 0; i < row.length; i++) (sums[i] as number) += row[i] as number;
  return Float32Array.from(sums, sum => sum / rows.length);
}
