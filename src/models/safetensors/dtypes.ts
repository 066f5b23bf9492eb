/** Bytes of an element, for the element types that the safetensors format knows and that fill whole bytes. */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
} as const;

export type Dtype = keyof typeof DTYPE_BYTES;

export const isDtype = (name: unknown): name is Dtype => typeof name === 'string' && Object.hasOwn(DTYPE_BYTES, name);

/** Elements of a shape; 1 for a scalar, `[]`. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const tensorBytes = (dtype: Dtype, shape: readonly number[]): number => elementCount(shape) * DTYPE_BYTES[dtype];
