import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from '../../models/files.ts';
import { homeFolder } from '../../models/home.ts';
import { hashOf, pathsIn, precisionsFolder, removeIfFree } from '../../models/kept.ts';
import { type TensorLocation, readHeader, writeSafetensors } from '../../models/safetensors.ts';
import type { OpenOptions } from '../../models/weights.ts';
import type { Precision } from '../../protocol/precision.ts';
import type { Gpt2Config } from '../config.ts';
import { findWeights, inMemory, openWeights, type StoredWeight, type WeightInFile, type Weights } from '../weights.ts';
import { BITS, blockNames, inPrecision, isInHalves, layoutOf } from './write.ts';

/** Counts the ways in which kept files have been made: part of their names, so that files made in an older way are not read. */
const FORMAT = 1;

/**
 * The weights of a model folder in a precision, ready to run. Other numbers than the folder's own are written to a file
 * once for each version of the weights, matrix by matrix, and mapped from there: so the model is never in memory whole
 * in float32.
 * @throws Reasoned what openWeights throws, and `weights-not-a-number`.
 */
export async function openWeightsIn(
  precision: Precision,
  folder: string,
  config: Gpt2Config,
  options: OpenOptions = {},
): Promise<Weights<StoredWeight>> {
  if (precision === 'f32') return openWeights(folder, config, options);
  const found = await findWeights(folder, config, options);
  if (isStoredIn(precision, found)) return { ...found, tensors: await withoutHalfVectors(found, options) };
  const file = await keptFile(folder, precision, found, options);
  if (!(await exists(file))) {
    await forgetOlder(file);
    await writeSafetensors(file, inPrecision([...found.tensors.values()], precision, options), {}, { inOrder: true });
  }
  return { ...found, ...(await weightsIn(file, precision, found)) };
}

/**
 * The weights of a model folder as its files have them, F16 and BF16 matrices too, which graphs widen: for devices to which
 * what is held in memory would cross at every run.
 * @throws Reasoned what findWeights throws, and `cancelled`.
 */
export async function openWeightsInFiles(
  folder: string,
  config: Gpt2Config,
  options: OpenOptions = {},
): Promise<Weights<StoredWeight>> {
  const found = await findWeights(folder, config, options);
  return { ...found, tensors: await withoutHalfVectors(found, options) };
}

/** The same weights by their places in a file that `inPrecision` was written to. */
async function weightsIn(
  file: string,
  precision: Exclude<Precision, 'f32'>,
  found: Weights<WeightInFile>,
): Promise<Pick<Weights<StoredWeight>, 'tensors' | 'folder'>> {
  const kept = await readHeader(file);
  const at = (name: string): TensorLocation => kept.get(name) as TensorLocation;
  const tensors = new Map<string, StoredWeight>();
  for (const weight of found.tensors.values()) tensors.set(weight.name, storedWeight(weight, precision, at));
  return { tensors, folder: dirname(await realpath(file)) };
}

/** @param at where a tensor of this name lies among those that `inPrecision` makes */
export function storedWeight(
  weight: Pick<WeightInFile, 'name' | 'shape'>,
  precision: Precision,
  at: (name: string) => TensorLocation,
): StoredWeight {
  const { name, shape } = weight;
  const bits = precision === 'int8' || precision === 'int4' ? BITS[precision] : null;
  const layout = bits && layoutOf(weight, bits);
  if (!bits || !layout) return { name, shape, location: at(name) };
  const { packed, scales } = blockNames(name);
  const { axis, size } = layout;
  return { name, shape, blocks: { bits, size, axis, packed: at(packed), scales: at(scales) } };
}

/** Whether the matrices of a folder lie in its own files as this precision has them. */
const isStoredIn = (precision: Precision, { tensors }: Weights<WeightInFile>): boolean =>
  [...tensors.values()].every(weight => !isInHalves(weight) || weight.location.dtype === precision.toUpperCase());

/** Norms and biases are computed with in float32. */
async function withoutHalfVectors(
  { tensors }: Weights<WeightInFile>,
  { signal }: OpenOptions,
): Promise<Map<string, StoredWeight>> {
  const stored = new Map<string, StoredWeight>();
  for (const [name, weight] of tensors)
    stored.set(name, isInHalves(weight) || weight.location.dtype === 'F32' ? weight : await inMemory(weight, signal));
  return stored;
}

async function keptFile(
  folder: string,
  precision: Precision,
  { tensors }: Weights<WeightInFile>,
  { home = homeFolder() }: OpenOptions,
): Promise<string> {
  const files = new Set([...tensors.values()].map(({ location }) => location.file));
  const versions = [...files].map(async file => {
    const { size, mtimeMs } = await stat(file);
    return `${file}\n${size}\n${mtimeMs}\n`;
  });
  const version = hashOf([`${FORMAT}\n`, ...(await Promise.all(versions))].join(''));
  return join(await precisionsFolder(folder, home), `${precision}-${version}.safetensors`);
}

/** Files of the same precision that were made of weights which have changed since. */
async function forgetOlder(file: string): Promise<void> {
  const [precision] = basename(file).split('-');
  for (const older of await pathsIn(dirname(file), `${precision}-`)) await removeIfFree(older);
}
