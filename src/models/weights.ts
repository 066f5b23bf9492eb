import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Reasoned } from '../protocol/result.ts';
import { exists, fileError } from './files.ts';
import { type ConvertOptions, convertPytorch, listPytorch, PYTORCH_WEIGHTS } from './pytorch/convert.ts';
import { corrupt, readHeader, type TensorLocation } from './safetensors/header.ts';

export const WEIGHTS = 'model.safetensors';
export const WEIGHTS_INDEX = 'model.safetensors.index.json';

export type OpenOptions = ConvertOptions;

/**
 * The tensors of a model folder by name: from model.safetensors, or the shards that model.safetensors.index.json names,
 * or pytorch_model.bin, which is converted once (the only case that takes time).
 * @throws Reasoned `weights-missing`, `shard-missing`, `weights-corrupt`, `weights-truncated` or `pickle-refused`.
 */
export async function openTensors(folder: string, options: OpenOptions = {}): Promise<Map<string, TensorLocation>> {
  const single = join(folder, WEIGHTS);
  if (await exists(single)) return readHeader(single);
  if (await exists(join(folder, WEIGHTS_INDEX))) return openShards(folder);
  const pickled = join(folder, PYTORCH_WEIGHTS);
  if (await exists(pickled)) return readHeader(await convertPytorch(pickled, options));
  throw new Reasoned(
    'weights-missing',
    `"${folder}" holds no weights: none of ${WEIGHTS}, ${WEIGHTS_INDEX} and ${PYTORCH_WEIGHTS} is there.`,
    'Choose the folder that save_pretrained wrote, or download the model again.',
  );
}

/** A tensor by name, without the place of its numbers. */
export type TensorDescription = Pick<TensorLocation, 'name' | 'dtype' | 'shape' | 'file'>;

/** What the weights of a folder are, from the files' headers: never long, since nothing is converted. Throws as openTensors. */
export async function listTensors(folder: string): Promise<TensorDescription[]> {
  const pickled = join(folder, PYTORCH_WEIGHTS);
  const isPickled = !(await exists(join(folder, WEIGHTS))) && !(await exists(join(folder, WEIGHTS_INDEX)));
  if (!isPickled || !(await exists(pickled))) return [...(await openTensors(folder)).values()];
  return (await listPytorch(pickled)).map(({ name, dtype, shape }) => ({ name, dtype, shape, file: pickled }));
}

/** Whether weights are there with every shard that the index names; whether they can be read is not looked at. */
export async function hasWeights(folder: string): Promise<boolean> {
  if (await exists(join(folder, WEIGHTS))) return true;
  if (!(await exists(join(folder, WEIGHTS_INDEX)))) return exists(join(folder, PYTORCH_WEIGHTS));
  for (const shard of new Set((await readIndex(folder)).values()))
    if (!(await exists(join(folder, shard)))) return false;
  return true;
}

async function openShards(folder: string): Promise<Map<string, TensorLocation>> {
  const shardOf = await readIndex(folder);
  const tensors = new Map<string, TensorLocation>();
  for (const shard of new Set(shardOf.values())) {
    const file = join(folder, shard);
    if (!(await exists(file)))
      throw new Reasoned(
        'shard-missing',
        `"${folder}": ${WEIGHTS_INDEX} names "${shard}", which is not there.`,
        'Copy or download the missing file.',
      );
    for (const [name, location] of await readHeader(file)) if (shardOf.get(name) === shard) tensors.set(name, location);
  }
  for (const [name, shard] of shardOf)
    if (!tensors.has(name))
      throw corrupt(join(folder, WEIGHTS_INDEX), `tensor "${name}" should be in "${shard}" and is not`);
  return tensors;
}

/** The shard of each tensor, by the index's `weight_map`. */
async function readIndex(folder: string): Promise<Map<string, string>> {
  const file = join(folder, WEIGHTS_INDEX);
  let map: unknown;
  try {
    const index: unknown = JSON.parse(await readFile(file, 'utf8'));
    map = index && (index as { weight_map?: unknown }).weight_map;
  } catch (error) {
    if (error instanceof SyntaxError) throw corrupt(file, `it is not JSON (${error.message})`);
    throw fileError(error, file);
  }
  if (typeof map !== 'object' || map === null) throw corrupt(file, 'it has no weight_map');
  const entries = Object.entries(map);
  for (const [name, shard] of entries)
    if (typeof shard !== 'string' || !isFileName(shard))
      throw corrupt(file, `tensor "${name}" is said to be in ${JSON.stringify(shard)}, which is not a file name here`);
  return new Map(entries as [string, string][]);
}

const isFileName = (name: string): boolean =>
  basename(name) === name && !name.includes('\\') && name !== '' && name !== '.' && name !== '..';
