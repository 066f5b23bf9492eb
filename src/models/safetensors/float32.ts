import { type FileHandle, open } from 'node:fs/promises';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { fileError } from '../files.ts';
import { elementCount } from './dtypes.ts';
import { bytesOf } from './halves.ts';
import { type TensorLocation, truncated } from './header.ts';

const PIECE_BYTES = 8 * 1024 * 1024;

/**
 * A tensor's values in float32, row-major; F16 and BF16 are widened, which is exact.
 * @throws Reasoned `dtype-unsupported` for any other element type, `weights-truncated` for a file that has shrunk.
 */
export async function readFloat32(location: TensorLocation, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(elementCount(location.shape));
  const widen = location.dtype === 'F32' ? undefined : widening(location, values);
  await opened(location, async handle => {
    if (widen) await readWidened(handle, location, widen, signal);
    else await fill(handle, location, bytesOf(values), 0, signal);
  });
  return values;
}

/** A tensor's bytes as they lie in the file, little-endian and row-major. Throws `weights-truncated`. */
export async function readBytes(location: TensorLocation): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(location.sizeBytes);
  await opened(location, handle => fill(handle, location, bytes, 0));
  return bytes.buffer;
}

/** Rows of a tensor, as a tensor. */
export function rowsOf(location: TensorLocation, from: number, count: number): TensorLocation {
  const { shape, offset, sizeBytes } = location;
  const rowBytes = sizeBytes / (shape[0] as number);
  const sizes = [count, ...shape.slice(1)];
  return { ...location, shape: sizes, offset: offset + from * rowBytes, sizeBytes: count * rowBytes };
}

async function opened({ file }: TensorLocation, read: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    const handle = await open(file, 'r');
    try {
      await read(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, file);
  }
}

type Widen = (half: Uint16Array, at: number) => void;

function widening({ dtype, name, file }: TensorLocation, values: Float32Array<ArrayBuffer>): Widen {
  const bits = new Uint32Array(values.buffer);
  switch (dtype) {
    case 'BF16': // the upper half of a float32
      return (half, at) => {
        for (let i = 0; i < half.length; i++) bits[at + i] = (half[i] as number) << 16;
      };
    case 'F16': {
      const table = float16Bits();
      return (half, at) => {
        for (let i = 0; i < half.length; i++) bits[at + i] = table[half[i] as number] as number;
      };
    }
    default:
      throw new Reasoned(
        'dtype-unsupported',
        `"${file}": tensor "${name}" is ${dtype}, and only F32, F16 and BF16 weights can be read.`,
        'Save the model again in one of these with transformers: model.float().save_pretrained(…).',
      );
  }
}

async function readWidened(handle: FileHandle, location: TensorLocation, widen: Widen, signal?: AbortSignal) {
  const piece = new Uint16Array(Math.min(PIECE_BYTES, location.sizeBytes) / 2);
  for (let done = 0; done < location.sizeBytes; done += piece.byteLength) {
    const half = piece.subarray(0, Math.min(piece.length, (location.sizeBytes - done) / 2));
    await fill(handle, location, bytesOf(half), done, signal);
    widen(half, done / 2);
  }
}

/** Fills `bytes` from `from` bytes into the tensor, in pieces between which a cancel is seen. */
async function fill(
  handle: FileHandle,
  { name, file, offset, sizeBytes }: TensorLocation,
  bytes: Uint8Array,
  from: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    throwIfAborted(signal);
    const wanted = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, wanted, offset + from + done);
    if (bytesRead === 0) throw truncated(file, `tensor "${name}" ends at byte ${offset + sizeBytes}, the file earlier`);
    done += bytesRead;
  }
}

let cachedFloat16Bits: Uint32Array | undefined;

/** The float32 bits of every float16: 65,536 entries, made on first use. IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function float16Bits(): Uint32Array {
  cachedFloat16Bits ??= Uint32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13); // infinities and NaN
    if (exponent > 0) return sign | ((exponent + 127 - 15) << 23) | (fraction << 13);
    if (fraction === 0) return sign;
    const shift = Math.clz32(fraction) - 21; // a subnormal: normalized until its leading 1 is bit 10
    return sign | ((127 - 14 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
  });
  return cachedFloat16Bits;
}
