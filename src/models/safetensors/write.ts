import type { FileHandle } from 'node:fs/promises';
import { Reasoned } from '../../protocol/result.ts';
import { writeAtomically } from '../atomicFile.ts';
import { DTYPE_BYTES, type Dtype, tensorBytes } from './dtypes.ts';

export interface TensorToWrite {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** The bytes, little-endian and row-major: at once, or in pieces. */
  readonly data: ArrayBufferView | AsyncIterable<Uint8Array>;
}

/**
 * Writes a safetensors file under a temporary name, then renames it. Tensors of wider elements come first, so that
 * each is aligned to its element, as the format's own writer does; `inOrder` writes them as they come, one after the other.
 * @throws Reasoned `tensor-misshapen` where a tensor's bytes are not those of its shape, or the file system's reason.
 */
export async function writeSafetensors(
  file: string,
  tensors: Iterable<TensorToWrite>,
  metadata?: Readonly<Record<string, string>>,
  { inOrder = false } = {},
): Promise<void> {
  const given = [...tensors];
  const ordered = inOrder ? given : given.sort((a, b) => DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype]);
  await writeAtomically(file, async handle => {
    await handle.writeFile(headerBytes(ordered, metadata));
    for (const tensor of ordered) await writeTensor(handle, tensor);
  });
}

function headerBytes(tensors: readonly TensorToWrite[], metadata?: Readonly<Record<string, string>>): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape }) => {
    const begin = end;
    end += tensorBytes(dtype, shape);
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const json = Buffer.from(
    JSON.stringify({ ...(metadata && { __metadata__: metadata }), ...Object.fromEntries(entries) }),
  );
  const padded = Math.ceil(json.length / 8) * 8; // the data start at a multiple of 8
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  json.copy(header, 8);
  return header;
}

async function writeTensor(handle: FileHandle, { name, dtype, shape, data }: TensorToWrite): Promise<void> {
  let written = 0;
  for await (const piece of ArrayBuffer.isView(data) ? [data] : data) {
    await handle.writeFile(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    written += piece.byteLength;
  }
  const expected = tensorBytes(dtype, shape);
  if (written !== expected)
    throw new Reasoned(
      'tensor-misshapen',
      `Tensor "${name}" is ${dtype} [${shape.join(', ')}], ${expected} bytes, but ${written} bytes were given for it.`,
      'Report this: the program that hands over the weights has miscounted.',
    );
}
