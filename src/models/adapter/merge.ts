import { createHash } from 'node:crypto';
import { realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePath } from '../../protocol/makePath.ts';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { exists, fileError } from '../files.ts';
import { homeFolder } from '../home.ts';
import { deletePrecisions, folderHash, pathsIn, removeIfFree } from '../kept.ts';
import { readFloat32 } from '../safetensors/float32.ts';
import { readHeader, type TensorLocation } from '../safetensors/header.ts';
import { type TensorToWrite, writeSafetensors } from '../safetensors/write.ts';
import { copyCompanions } from '../companions.ts';
import { readFolderConfig } from '../config.ts';
import { type OpenOptions, openTensors, WEIGHTS } from '../weights.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, type AdapterConfig, readAdapterConfig } from './config.ts';
import { addToConv1D, addToLinear } from './lowRank.ts';

/**
 * The model folder that an adapter and its base make together, W + alpha / rank B A, made once for each version of both
 * and kept outside of their folders, in the place of what older versions made.
 * @param base the folder of the model that the adapter was trained on
 * @returns the merged folder
 */
export async function mergedFolder(adapter: string, base: string, options: OpenOptions = {}): Promise<string> {
  const { home = homeFolder() } = options;
  const target = join(home, 'converted', `${await folderHash(adapter)}-${await versionOf(adapter, base)}`);
  if (await exists(join(target, WEIGHTS))) return target;
  await deleteMerged(adapter, home, target);
  await writeMerged(adapter, base, target, options);
  return target;
}

/** Removes what mergedFolder keeps for an adapter, if it does, and that in other precisions. `but`: a folder that stays. */
export async function deleteMerged(adapter: string, home: string, but?: string): Promise<void> {
  for (const merged of await pathsIn(join(home, 'converted'), `${await folderHash(adapter)}-`)) {
    if (merged === but) continue;
    await deletePrecisions(merged, home);
    await removeIfFree(merged);
  }
}

/** Writes the merged model to a folder; the weights come last, so that a folder that has them is whole. */
export async function writeMerged(
  adapter: string,
  base: string,
  target: string,
  options: OpenOptions = {},
): Promise<string[]> {
  const [own, stored] = [await readHeader(join(adapter, ADAPTER_WEIGHTS)), await openTensors(base, options)];
  const tensors = mergedTensors(await readAdapterConfig(adapter), own, stored, { adapter, base }, options);
  const config = { ...(await readFolderConfig(base)), ...(await ownConfig(adapter)) };
  try {
    await makePath(target);
    const files = await copyCompanions([adapter, base], target);
    await writeFile(join(target, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    await writeSafetensors(join(target, WEIGHTS), tensors, { format: 'pt' });
    return [...files, 'config.json', WEIGHTS];
  } catch (error) {
    throw fileError(error, target);
  }
}

/** An adapter may bring a config.json, such as one with the labels of its head. */
const ownConfig = async (adapter: string): Promise<object> =>
  (await exists(join(adapter, 'config.json'))) ? readFolderConfig(adapter) : {};

/** The modules of an adapter by the names of its base, without `transformer.`: two matrices, or a tensor saved whole. */
interface AdapterTensors {
  readonly pairs: ReadonlyMap<string, { readonly a: TensorLocation; readonly b: TensorLocation }>;
  readonly whole: ReadonlyMap<string, TensorLocation>;
}

function modulesOf(tensors: ReadonlyMap<string, TensorLocation>): AdapterTensors {
  const pairs = new Map<string, { a: TensorLocation; b: TensorLocation }>();
  const whole = new Map<string, TensorLocation>();
  for (const [name, tensor] of tensors) {
    const bare = bareName(name.replace(/^base_model\.model\./, ''));
    const module = /^(.*)\.lora_A\.weight$/.exec(bare)?.[1];
    const b = module === undefined ? undefined : tensors.get(name.replace('.lora_A.', '.lora_B.'));
    if (module !== undefined && b) pairs.set(`${module}.weight`, { a: tensor, b });
    else if (!bare.includes('.lora_')) whole.set(bare.replace('.modules_to_save', ''), tensor);
  }
  return { pairs, whole };
}

const bareName = (name: string): string => name.replace(/^transformer\./, '');

function mergedTensors(
  config: AdapterConfig,
  own: ReadonlyMap<string, TensorLocation>,
  base: ReadonlyMap<string, TensorLocation>,
  folders: { readonly adapter: string; readonly base: string },
  options: OpenOptions,
): TensorToWrite[] {
  const { pairs, whole } = modulesOf(own);
  const byBareName = new Map([...base].map(([name, tensor]) => [bareName(name), tensor]));
  const strange = [...pairs.keys()].find(name => !byBareName.has(name));
  if (strange !== undefined) throw notItsBase(folders, `it has no tensor "${strange}"`);
  const total = [...base.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  const read = (tensor: TensorLocation, values: () => Promise<Float32Array>): TensorToWrite => ({
    name: tensor.name,
    dtype: 'F32',
    shape: tensor.shape,
    data: (async function* () {
      throwIfAborted(options.signal);
      const numbers = await values();
      yield new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      done += tensor.sizeBytes;
      options.onProgress?.({ message: 'Merging the adapter', done, total, unit: 'bytes' });
    })(),
  });
  const kept = [...base.values()].filter(({ name }) => !whole.has(bareName(name)));
  const merged = kept.map(tensor => {
    const pair = pairs.get(bareName(tensor.name));
    if (!pair) return read(tensor, () => readFloat32(tensor, options.signal));
    const [rank = 0, inputs = 0] = pair.a.shape;
    const outputs = pair.b.shape[0] ?? 0;
    const shape = config.fanInFanOut ? [inputs, outputs] : [outputs, inputs];
    if (tensor.shape.join() !== shape.join() || pair.b.shape[1] !== rank) {
      throw notItsBase(
        folders,
        `tensor "${tensor.name}" is [${tensor.shape.join(', ')}], and not [${shape.join(', ')}]`,
      );
    }
    return read(tensor, () => sum(tensor, pair, config));
  });
  return [...merged, ...[...whole].map(([name, tensor]) => read({ ...tensor, name }, () => readFloat32(tensor)))];
}

/** A matrix with its adapter added: a [R, I], b [O, R]. */
async function sum(
  tensor: TensorLocation,
  { a, b }: { readonly a: TensorLocation; readonly b: TensorLocation },
  { fanInFanOut, scale }: AdapterConfig,
): Promise<Float32Array> {
  const [weight, down, up] = [await readFloat32(tensor), await readFloat32(a), await readFloat32(b)];
  const rank = a.shape[0] as number;
  const add = fanInFanOut ? addToConv1D : addToLinear;
  add(weight, { a: down, b: up, rank, scaling: scale(rank) });
  return weight;
}

/** Of the files that the merged model is made of: changed ones give another version. */
async function versionOf(adapter: string, base: string): Promise<string> {
  const hash = createHash('sha256');
  for (const [folder, name] of [
    [adapter, ADAPTER_CONFIG],
    [adapter, ADAPTER_WEIGHTS],
    [base, 'config.json'],
    [base, WEIGHTS],
  ] as const) {
    const file = join(folder, name);
    if (name === WEIGHTS && !(await exists(file))) continue; // sharded, or converted: config.json stands for it
    try {
      const real = await realpath(file);
      const { size, mtimeMs } = await stat(real);
      hash.update(`${real}\n${size}\n${mtimeMs}\n`);
    } catch (error) {
      throw fileError(error, file);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

const notItsBase = ({ adapter, base }: { readonly adapter: string; readonly base: string }, why: string): Reasoned =>
  new Reasoned(
    'adapter-base-wrong',
    `The adapter "${adapter}" was not trained on "${base}": ${why}.`,
    'Correct base_model_name_or_path in adapter_config.json.',
  );
