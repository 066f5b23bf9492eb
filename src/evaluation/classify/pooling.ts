import type { ClassifierConfig } from '../../gpt2/classifierConfig.ts';

type Pooled = Pick<ClassifierConfig, 'pooling' | 'padToken'>;

/**
 * The state [D] that the head reads after the first `count` tokens, out of their hidden states [T, D]. `position` reads
 * the last of what it is given: the padded end.
 */
export function pooledState(
  { pooling, padToken }: Pooled,
  ids: readonly number[],
  hidden: Float32Array,
  width: number,
  count = ids.length,
): Float32Array {
  const row = (at: number): Float32Array => hidden.subarray(at * width, (at + 1) * width);
  switch (pooling) {
    case 'first':
      return row(0);
    case 'position':
      return row(count - 1);
    case 'last':
      return row(Math.max(0, lastReal(ids, padToken, count)));
    case 'mean':
      return meanOf(Array.from({ length: count }, (_, at) => row(at)));
  }
}

/** As GPT2ForSequenceClassification: the last token that is not the padding's, also where padding stands in between. */
function lastReal(ids: readonly number[], padToken: number | null, count: number): number {
  for (let at = count - 1; at >= 0; at--) if (ids[at] !== padToken) return at;
  return -1;
}

/** In double precision, over all tokens of the text: also one that looks like padding is none here. */
function meanOf(rows: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < row.length; i++) (sums[i] as number) += row[i] as number;
  return Float32Array.from(sums, sum => sum / rows.length);
}
