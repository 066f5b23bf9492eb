/** Values by falling size, and the vector of each, of length 1. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

const MOST_SWEEPS = 30;
/** How small what stands beside the diagonal may be, of the whole. */
const DIAGONAL = 1e-22;

/** Of a small symmetric matrix [K, K], by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5). */
export function symmetricEigen(matrix: readonly Float64Array[]): Eigen {
  const size = matrix.length;
  const a = matrix.map(row => row.slice());
  const v = matrix.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))); // rows are vectors
  for (let sweep = 0; sweep < MOST_SWEEPS && beside(a) > DIAGONAL * squares(a); sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, p, q);
  }
  const order = [...a.keys()].sort((i, j) => at(a, j, j) - at(a, i, i));
  return { values: order.map(i => at(a, i, i)), vectors: order.map(i => v[i] as Float64Array) };
}

/** Turns p and q into each other until nothing stands between them. */
function rotate(a: Float64Array[], v: Float64Array[], p: number, q: number): void {
  const between = at(a, p, q);
  if (between === 0) return;
  const half = (at(a, q, q) - at(a, p, p)) / (2 * between);
  const t = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.hypot(half, 1));
  const cosine = 1 / Math.hypot(t, 1);
  const sine = t * cosine;
  for (let k = 0; k < a.length; k++) turnColumns(a, p, q, k, cosine, sine);
  for (let k = 0; k < a.length; k++) {
    turnRows(a, p, q, k, cosine, sine);
    turnRows(v, p, q, k, cosine, sine);
  }
}

function turnRows(m: Float64Array[], p: number, q: number, k: number, cosine: number, sine: number): void {
  const [x, y] = [at(m, p, k), at(m, q, k)];
  (m[p] as Float64Array)[k] = cosine * x - sine * y;
  (m[q] as Float64Array)[k] = sine * x + cosine * y;
}

function turnColumns(m: Float64Array[], p: number, q: number, k: number, cosine: number, sine: number): void {
  const [x, y] = [at(m, k, p), at(m, k, q)];
  (m[k] as Float64Array)[p] = cosine * x - sine * y;
  (m[k] as Float64Array)[q] = sine * x + cosine * y;
}

const at = (m: readonly Float64Array[], i: number, j: number): number => m[i]?.[j] as number;

const squares = (a: readonly Float64Array[]): number =>
  a.reduce((sum, row) => sum + row.reduce((own, value) => own + value * value, 0), 0);

/** The squares beside the diagonal. */
const beside = (a: readonly Float64Array[]): number =>
  a.reduce((sum, row, i) => sum + row.reduce((own, value, j) => (i === j ? own : own + value * value), 0), 0);
