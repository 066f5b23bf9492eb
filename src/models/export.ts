import { createReadStream } from 'node:fs';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePath } from '../protocol/makePath.ts';
import { Reasoned, throwIfAborted } from '../protocol/result.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from './adapter/config.ts';
import { copyCompanions } from './companions.ts';
import { exists, fileError } from './files.ts';
import { readFolderConfig } from './config.ts';
import { isMaskBuffer } from './modules.ts';
import { type Half, HALVES } from './safetensors/halves.ts';
import type { TensorLocation } from './safetensors/header.ts';
import { halves, whole } from './safetensors/pieces.ts';
import { type TensorToWrite, writeSafetensors } from './safetensors/write.ts';
import { type OpenOptions, openTensors, WEIGHTS } from './weights.ts';

/** What weights are written in; absent: as they are stored. */
type Written = 'f32' | Half;

/** As transformers calls it in config.json, by which it loads the model. */
const DTYPES: Readonly<Record<Written, string>> = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' };

/**
 * Writes a model folder anew, with its weights in one file.
 * With a precision, mask buffers are left out: they are no weights, and no program needs them.
 * @returns the files, by their names in `target`
 * @throws Reasoned `weights-not-a-number` where a weight is beyond the range of the precision
 */
export async function writeModelFolder(
  folder: string,
  target: string,
  { precision, ...options }: OpenOptions & { readonly precision?: Written | undefined } = {},
): Promise<string[]> {
  const stored = [...(await openTensors(folder, options)).values()];
  const tensors = precision === undefined ? stored : stored.filter(({ name }) => !isMaskBuffer(name));
  const files = await writeBesideWeights(folder, target, precision);
  try {
    await writeSafetensors(join(target, WEIGHTS), written(tensors, precision, options), { format: 'pt' });
    return [...files, WEIGHTS];
  } catch (error) {
    throw fileError(error, target);
  }
}

/** All of a model folder but its weights. */
export async function writeBesideWeights(folder: string, target: string, precision?: Written): Promise<string[]> {
  try {
    if (precision === undefined) await copyFile(join(folder, 'config.json'), join(target, 'config.json'));
    else {
      const config = { ...(await readFolderConfig(folder)), dtype: DTYPES[precision] };
      await writeFile(join(target, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    }
    return ['config.json', ...(await copyCompanions([folder], target))];
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
    await makePath(folder);
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    throw fileError(error, folder);
  }
  throw new Reasoned('folder-not-empty', `"${folder}" has files in it.`, 'Choose an empty folder, or one to be made.');
}

function written(
  tensors: readonly TensorLocation[],
  precision: Written | undefined,
  options: OpenOptions,
): TensorToWrite[] {
  const total = tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  return tensors.map(tensor => ({
    name: tensor.name,
    dtype: precision === undefined ? tensor.dtype : precision === 'f32' ? 'F32' : HALVES[precision].dtype,
    shape: tensor.shape,
    data: (async function* () {
      for await (const bytes of bytesIn(tensor, precision, options.signal)) {
        throwIfAborted(options.signal);
        yield bytes;
      }
      done += tensor.sizeBytes;
      options.onProgress?.({ message: 'Writing the weights', done, total, unit: 'bytes' });
    })(),
  }));
}

async function* bytesIn(
  tensor: TensorLocation,
  precision: Written | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (precision === undefined) yield* storedBytes(tensor);
  else {
    const pieces = precision === 'f32' ? whole(tensor, signal) : halves(tensor, precision);
    for await (const { bytes } of pieces) yield bytes;
  }
}

async function* storedBytes({ file, offset, sizeBytes }: TensorLocation): AsyncGenerator<Uint8Array> {
  if (sizeBytes === 0) return;
  for await (const piece of createReadStream(file, { start: offset, end: offset + sizeBytes - 1 }))
    yield piece as Buffer;
}
