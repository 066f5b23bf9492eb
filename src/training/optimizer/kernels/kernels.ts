import { KERNELS } from './kernelsWasm.ts';

/** What an update multiplies by, alike for all elements of a tensor. */
export interface AdamwFactors {
  readonly gradientScale: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1 - learning rate x decay. */
  readonly kept: number;
  /** The learning rate, with the first moment's bias corrected. */
  readonly stepSize: number;
  /** 1 / sqrt of the second moment's bias correction. */
  readonly rootScale: number;
  readonly epsilon: number;
}

/** Numbers of each array that are in the module's memory at a time: those of four arrays fill its 256 kB. */
const PIECE = 16_384;
const PIECE_BYTES = PIECE * Float32Array.BYTES_PER_ELEMENT;

interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly adamw: (...placesBytesAndFactors: number[]) => void;
  readonly sumOfSquares: (place: number, bytes: number) => number;
}

/** Node has it; its types leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/**
 * WebAssembly does four numbers at a time where JavaScript does one in double precision: with the way into its memory and
 * back, twice as fast. It can't take the arrays where they lie: the runtime copies gradients into arrays of its own, and a
 * memory holds 4 GB at most.
 */
const { memory, adamw, sumOfSquares } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(KERNELS, 'base64')))
  .exports as Kernels;

const placeOf = (index: number): Float32Array => new Float32Array(memory.buffer, index * PIECE_BYTES, PIECE);

/** What an update goes over: all of one length. */
export interface AdamwArrays {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  readonly averages: Float32Array;
  readonly squares: Float32Array;
}

/** AdamW's update of values and moments, in place. */
export function advanceAdamw(
  { values, gradient, averages, squares }: AdamwArrays,
  { gradientScale, beta1, beta2, kept, stepSize, rootScale, epsilon }: AdamwFactors,
): void {
  const given = [values, gradient, averages, squares].map((array, index) => ({ array, place: placeOf(index) }));
  const changed = given.filter(({ array }) => array !== gradient);
  const factors = [gradientScale, beta1, 1 - beta1, beta2, 1 - beta2, kept, stepSize, rootScale, epsilon];
  for (let from = 0; from < values.length; from += PIECE) {
    const to = Math.min(from + PIECE, values.length);
    for (const { array, place } of given) place.set(array.subarray(from, to));
    const bytes = (to - from) * Float32Array.BYTES_PER_ELEMENT;
    adamw(0, PIECE_BYTES, 2 * PIECE_BYTES, 3 * PIECE_BYTES, bytes, ...factors);
    for (const { array, place } of changed) array.set(place.subarray(0, to - from), from);
  }
}

/** In double precision. */
export function squaresOf(values: Float32Array): number {
  const place = placeOf(0);
  let sum = 0;
  for (let from = 0; from < values.length; from += PIECE) {
    const piece = values.subarray(from, from + PIECE);
    place.set(piece);
    place.fill(0, piece.length, piece.length + 3); // the kernel goes on to a multiple of four
    sum += sumOfSquares(0, piece.length * Float32Array.BYTES_PER_ELEMENT);
  }
  return sum;
}
