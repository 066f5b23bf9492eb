import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Reasoned, throwIfAborted } from '../protocol/result.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from './adapter/config.ts';
import { copyCompanions } from './companions.ts';
import { exists, fileError } from './files.ts';
import { readFloat32 } from './safetensors/float32.ts';
import type { TensorLocation } from './safetensors/header.ts';
import { type TensorToWrite, writeSafetensors } from './safetensors/write.ts';
import { type OpenOptions, openTensors, WEIGHTS } from './weights.ts';

/**
 * Writes a model folder anew, with its weights in one file: as they are stored, or in float32.
 * @returns the files, by their names in `target`
 */
export async function writeModelFolder(
  folder: string,
  target: string,
  { float32 = false, ...options }: OpenOptions & { readonly float32?: boolean } = {},
): Promise<string[]> {
  const tensors = [...(await openTensors(folder, options)).values()];
  try {
    await copyFile(join(folder, 'config.json'), join(target, 'config.json'));
    const files = await copyCompanions([folder], target);
    await writeSafetensors(join(target, WEIGHTS), written(tensors, float32, options), { format: 'pt' });
    return ['config.json', ...files, WEIGHTS];
  } catch (error) {
    throw fileError(error, target);
  }
}

/** Copies an adapter as it is. */
export async function writeAdapter(folder: string, target: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of [ADAPTER_CONFIG, ADAPTER_WEIGHTS, 'config.json']) {
    if (!(await exists(join(folder, name)))) continue;
    await copyFile(join(folder, name), join(target, name));
    names.push(name);
  }
  return [...names, ...(await copyCompanions([folder], target))];
}

/** Makes the folder. What stands there is never written over. @throws Reasoned `folder-not-empty` */
export async function emptyFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    throw fileError(error, folder);
  }
  throw new Reasoned('folder-not-empty', `"${folder}" has files in it.`, 'Choose an empty folder, or one to be made.');
}

function written(tensors: readonly TensorLocation[], float32: boolean, options: OpenOptions): TensorToWrite[] {
  const total = tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  return tensors.map(tensor => ({
    name: tensor.name,
    dtype: float32 ? 'F32' : tensor.dtype,
    shape: tensor.shape,
    data: (async function* () {
      throwIfAborted(options.signal);
      if (float32) {
        const values = await readFloat32(tensor, options.signal);
        yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      } else yield* bytesOf(tensor);
      done += tensor.sizeBytes;
      options.onProgress?.({ message: 'Writing the weights', done, total, unit: 'bytes' });
    })(),
  }));
}

async function* bytesOf({ file, offset, sizeBytes }: TensorLocation): AsyncGenerator<Uint8Array> {
  if (sizeBytes === 0) return;
  for await (const piece of createReadStream(file, { start: offset, end: offset + sizeBytes - 1 }))
    yield piece as Buffer;
}
