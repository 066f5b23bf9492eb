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

/** target [M, N] + factor · left [M, R] right [R, N], row by row, since whoever strides through memory waits for it. */
function addProduct(target: Float32Array, left: Float32Array, right: Float32Array, factor: number, rank: number): void {
  const [rows, columns] = [left.length / rank, right.length / rank];
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < rank; k++) {
      const times = factor * (left[row * rank + k] as number);
      if (times === 0) continue;
      const [from, to] = [k * columns, row * columns];
      for (let i = 0; i < columns; i++)
        target[to + i] = (target[to + i] as number) + times * (right[from + i] as number);
    }
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
