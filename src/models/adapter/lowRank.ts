/** The two small matrices that stand beside a large one, as PEFT keeps them: a [R, I], b [O, R]. */
export interface LowRank {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly rank: number;
  /** What their product is multiplied by: alpha / rank. */
  readonly scaling: number;
}

/** W + scaling · aᵀ bᵀ, in place, of a matrix [I, O] as GPT-2's Conv1D keeps it. */
export const addToConv1D = (weight: Float32Array, { a, b, rank, scaling }: LowRank): void =>
  addProduct(weight, transposed(a, rank), transposed(b, b.length / rank), scaling, rank);

/** W + scaling · b a, in place, of a matrix [O, I] as torch's Linear keeps it. */
export const addToLinear = (weight: Float32Array, { a, b, rank, scaling }: LowRank): void =>
  addProduct(weight, b, a, scaling, rank);

/**
 * target [M, N] + factor · left [M, R] right [R, N], row by row, since whoever strides through memory waits for it, and
 * four products at a time, so that a row of the target is read and written a quarter as often.
 */
function addProduct(target: Float32Array, left: Float32Array, right: Float32Array, factor: number, rank: number): void {
  const columns = right.length / rank;
  const none = new Float32Array(columns);
  for (let k = 0; k < rank; k += 4) {
    const rows = four(more =>
      k + more < rank ? right.subarray((k + more) * columns, (k + more + 1) * columns) : none,
    );
    for (let row = 0; row < left.length / rank; row++) {
      const times = four(more => (k + more < rank ? factor * (left[row * rank + k + more] as number) : 0));
      addRows(target.subarray(row * columns, (row + 1) * columns), rows, times);
    }
  }
}

type Four<T> = readonly [T, T, T, T];

const four = <T>(at: (more: number) => T): Four<T> => [at(0), at(1), at(2), at(3)];

function addRows(sum: Float32Array, [a, b, c, d]: Four<Float32Array>, [p, q, r, s]: Four<number>): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] =
      (sum[i] as number) + p * (a[i] as number) + q * (b[i] as number) + r * (c[i] as number) + s * (d[i] as number);
  }
}

/** [rows, columns] → [columns, rows] */
function transposed(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = matrix[row * columns + column] as number;
  return result;
}
