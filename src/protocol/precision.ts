/**
 * How a model's weights are kept and multiplied. f32: as they are. f16, bf16: kept in halves, multiplied in float32 where
 * the device has no kernels for halves. int8, int4: matrices in blocks of whole numbers that share a scale.
 */
export const PRECISIONS = ['f32', 'f16', 'bf16', 'int8', 'int4'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** What one gains by it, and what it costs. */
export const PRECISION_MEANING: Readonly<Record<Precision, string>> = {
  f32: 'Exact',
  f16: 'Half the memory; a processor widens it each time, so that it writes more slowly',
  bf16: 'As f16, with the range of f32 and fewer digits',
  int8: 'Whole numbers of 8 bits: fast, and hardly different from f32',
  int4: 'Whole numbers of 4 bits: fastest and smallest; predictions change visibly',
};

/** Where a model runs and what it is kept in, as people are told: `cpu`, `cpu int4`. */
export const placeOf = ({ device, precision }: { readonly device: string; readonly precision: Precision }): string =>
  precision === 'f32' ? device : `${device} ${precision}`;

/** Bits of a weight in a matrix, with its part of the scale of its block, of 128 weights in int8 and 64 in int4. */
export const BITS_PER_WEIGHT: Readonly<Record<Precision, number>> = {
  f32: 32,
  f16: 16,
  bf16: 16,
  int8: 8.25,
  int4: 4.5,
};

/** The memory that the weights of a model take: an estimate, since norms and biases stay in float32. */
export const weightBytes = (parameters: number, precision: Precision): number =>
  (parameters * BITS_PER_WEIGHT[precision]) / 8;
