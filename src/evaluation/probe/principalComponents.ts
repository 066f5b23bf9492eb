import { breathe } from '../../scoring/evaluate.ts';
import { symmetricEigen } from './symmetricEigen.ts';

// Letters in shapes: N vectors, D width, K directions that were tried.
//
// Two axes are needed of vectors of some hundred numbers. A library's whole decomposition of 2,000 x 768 takes many
// seconds, in which nobody could cancel it; Lanczos' method reads the vectors some dozen times and finds the two at once.

/** The plane in which vectors differ most (Pearson 1901). */
export interface Plane {
  /** [D] */
  readonly mean: Float64Array;
  /** Two at right angles, each of length 1: [D]. The largest number of each is positive. Of a width of 1 or a single vector the second is zeros. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** Share of the variance along each. */
  readonly explained: readonly [number, number];
}

/** With so many the first two stand to the last digits, unless vectors differ as much in every direction. */
const MOST_DIRECTIONS = 60;
/** A direction that is this much shorter than the first is rounding. */
const NOTHING = 1e-10;

/** vectors [N, D], N and D at least 1. Of vectors that do not differ, any axes will do. Throws Reasoned `cancelled`. */
export async function principalPlane(vectors: readonly Float32Array[], signal?: AbortSignal): Promise<Plane> {
  const mean = meanOf(vectors);
  const centred = vectors.map(vector => Float64Array.from(vector, (value, i) => value - (mean[i] as number)));
  const total = centred.reduce((sum, vector) => sum + product(vector, vector), 0);
  const { directions, products } = await krylovSpace(centred, signal);
  const { values, vectors: mixtures } = symmetricEigen(products);
  const axis = (place: number): Float64Array => {
    const sum = new Float64Array(mean.length);
    for (const [at, direction] of directions.entries()) addScaled(sum, mixtures[place]?.[at] ?? 0, direction);
    return largestPositive(sum);
  };
  const shareOf = (place: number): number => (total === 0 ? 0 : Math.max(0, values[place] ?? 0) / total);
  return { mean, axes: [axis(0), axis(1)], explained: [shareOf(0), shareOf(1)] };
}

/** Where a vector [D] stands in the plane. */
export function projected(vector: Float32Array, { mean, axes }: Plane): [number, number] {
  const centred = Float64Array.from(vector, (value, i) => value - (mean[i] as number));
  return [product(axes[0], centred), product(axes[1], centred)];
}

function meanOf(vectors: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) (mean[i] as number) += vector[i] as number;
  return mean.map(sum => sum / vectors.length);
}

/**
 * Directions at right angles, [K, D], of which each is the one before times the covariance (Lanczos 1950; Golub and Van
 * Loan, Matrix Computations, 10.1), and the covariance seen from them, [K, K], times N.
 */
async function krylovSpace(
  centred: readonly Float64Array[],
  signal: AbortSignal | undefined,
): Promise<{ readonly directions: Float64Array[]; readonly products: Float64Array[] }> {
  const width = centred[0]?.length ?? 0;
  const directions: Float64Array[] = [];
  const images: Float64Array[] = [];
  let next = firstDirection(width, 0);
  let longest = 0;
  for (let k = 0; k < Math.min(MOST_DIRECTIONS, width, centred.length); k++) {
    await breathe(signal);
    let length = rest(next, directions);
    if (length <= NOTHING * longest) {
      next = firstDirection(width, k); // the space is closed: what is left lies elsewhere
      length = rest(next, directions);
    }
    const direction = next.map(value => value / length);
    const image = covarianceTimes(centred, direction);
    directions.push(direction);
    images.push(image);
    longest = Math.max(longest, Math.sqrt(product(image, image)));
    next = image.slice();
  }
  const products = directions.map(one => Float64Array.from(images, image => product(one, image)));
  return { directions, products };
}

/** Fixed, so that the same vectors give the same plane, and at right angles to no likely axis. */
const firstDirection = (width: number, number: number): Float64Array =>
  Float64Array.from({ length: width }, (_, i) => Math.cos((i + 1) * (number + 1)) + 0.1);

/** Takes away what lies along the directions, twice because of rounding; the length of what is left. */
function rest(vector: Float64Array, directions: readonly Float64Array[]): number {
  for (let pass = 0; pass < 2; pass++)
    for (const direction of directions) addScaled(vector, -product(direction, vector), direction);
  return Math.sqrt(product(vector, vector));
}

function covarianceTimes(centred: readonly Float64Array[], direction: Float64Array): Float64Array {
  const sum = new Float64Array(direction.length);
  for (const vector of centred) addScaled(sum, product(vector, direction), vector);
  return sum;
}

function largestPositive(axis: Float64Array): Float64Array {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? axis.map(value => -value) : axis;
}

function addScaled(to: Float64Array, factor: number, what: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (what[i] as number);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
