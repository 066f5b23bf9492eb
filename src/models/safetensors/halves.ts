/** The bits of float16 numbers nearest to the given ones, ties to even; beyond its range they are infinite. */
function toFloat16(values: Float32Array): Uint16Array {
  return converted(values, float16Of);
}

/** The bits of bfloat16 numbers, the upper half of a float32, nearest to the given ones, ties to even. */
function toBfloat16(values: Float32Array): Uint16Array {
  return converted(values, bfloat16Of);
}

/** The types of two bytes by the names of precisions; from `infinite` on their magnitudes are not finite. */
export const HALVES = {
  f16: { dtype: 'F16', convert: toFloat16, infinite: 0x7c00 },
  bf16: { dtype: 'BF16', convert: toBfloat16, infinite: 0x7f80 },
} as const;

export type Half = keyof typeof HALVES;

export const bytesOf = <B extends ArrayBufferLike>({
  buffer,
  byteOffset,
  byteLength,
}: ArrayBufferView<B>): Uint8Array<B> => new Uint8Array(buffer, byteOffset, byteLength);

function converted(values: Float32Array, halfOf: (word: number) => number): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfOf(bits[i] as number);
  return halves;
}

function bfloat16Of(word: number): number {
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40; // not a number stays so
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** IEEE 754 binary16 of a binary32: 1 sign, 5 exponent, 10 fraction bits. */
function float16Of(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and more
  if (magnitude >= 0x38800000) return sign | rounded(magnitude - 0x38000000, 13); // a carry goes into the exponent
  if (magnitude < 0x33000000) return sign; // less than half of the least subnormal
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  return sign | rounded(fraction, 126 - (magnitude >>> 23));
}

/** Without the last `dropped` bits, ties to even. */
const rounded = (bits: number, dropped: number): number =>
  (bits + (1 << (dropped - 1)) - 1 + ((bits >>> dropped) & 1)) >>> dropped;
