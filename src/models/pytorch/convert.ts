import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OnProgress } from '../../protocol/engine.ts';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { exists, fileError } from '../files.ts';
import { homeFolder } from '../home.ts';
import { removeIfFree } from '../kept.ts';
import { tensorBytes } from '../safetensors/dtypes.ts';
import { type TensorToWrite, writeSafetensors } from '../safetensors/write.ts';
import { openArchive, type TorchArchive } from './archive.ts';
import { readStateDict, type StoredTensor } from './stateDict.ts';

export const PYTORCH_WEIGHTS = 'pytorch_model.bin';

export interface ConvertOptions {
  /** Where the converted file is kept, under `converted/`. Absent: LM Lab's own folder. */
  readonly home?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * The same weights as safetensors, made once for each version of `file` and kept outside of the model's folder.
 * The pickle is read as data and never run.
 * @returns The path of the safetensors file.
 */
export async function convertPytorch(file: string, options: ConvertOptions = {}): Promise<string> {
  const target = await targetOf(file, options.home ?? homeFolder());
  if (await exists(target)) return target;
  const archive = await openArchive(file);
  try {
    const tensors = readStateDict(archive.pickle);
    checkStorages(tensors, archive, file);
    await writeSafetensors(target, withProgress(tensors, archive, options), { format: 'pt' });
  } finally {
    archive.close();
  }
  return target;
}

/** What the tensors of a pytorch_model.bin are, by its pickle alone: nothing is converted. */
export async function listPytorch(file: string): Promise<StoredTensor[]> {
  const archive = await openArchive(file);
  try {
    return readStateDict(archive.pickle);
  } finally {
    archive.close();
  }
}

/** Removes what convertPytorch keeps for a model folder, if it does. */
export async function deleteConversion(folder: string, home: string): Promise<void> {
  const file = join(folder, PYTORCH_WEIGHTS);
  if (await exists(file)) await removeIfFree(dirname(await targetOf(file, home)));
}

/** A changed file has another place, so that a stale conversion is never read. */
async function targetOf(file: string, home: string): Promise<string> {
  try {
    const real = await realpath(file);
    const { size, mtimeMs } = await stat(real);
    const version = createHash('sha256').update(`${real}\n${size}\n${mtimeMs}`).digest('hex').slice(0, 32);
    return join(home, 'converted', version, 'model.safetensors');
  } catch (error) {
    throw fileError(error, file);
  }
}

function checkStorages(tensors: readonly StoredTensor[], archive: TorchArchive, file: string): void {
  for (const { name, dtype, shape, storage, offset } of tensors) {
    const end = offset + tensorBytes(dtype, shape);
    const available = archive.storageBytes(storage);
    if (end > available)
      throw new Reasoned(
        'weights-corrupt',
        `"${file}": tensor "${name}" ends at byte ${end} of its storage, which has ${available}.`,
        'Download the model again.',
      );
  }
}

function withProgress(
  tensors: readonly StoredTensor[],
  archive: TorchArchive,
  { signal, onProgress }: ConvertOptions,
): TensorToWrite[] {
  const total = tensors.reduce((sum, { dtype, shape }) => sum + tensorBytes(dtype, shape), 0);
  let done = 0;
  return tensors.map(({ name, dtype, shape, storage, offset }) => ({
    name,
    dtype,
    shape,
    data: (async function* () {
      for await (const piece of archive.read(storage, offset, offset + tensorBytes(dtype, shape))) {
        throwIfAborted(signal);
        yield piece;
        done += piece.byteLength;
        onProgress?.({ message: 'Converting pytorch_model.bin to safetensors', done, total, unit: 'bytes' });
      }
    })(),
  }));
}
