import { dirname, sep } from 'node:path';
import { formatShape } from '../onnx/dimension.ts';
import { readFloat32, type TensorLocation } from '../models/safetensors.ts';
import { isMaskBuffer } from '../models/modules.ts';
import { type OpenOptions, openTensors } from '../models/weights.ts';
import { Reasoned, throwIfAborted } from '../protocol/result.ts';
import { HEAD_TENSORS } from './classifierConfig.ts';
import type { Blocks } from '../onnx/graph.ts';
import type { Gpt2Config } from './config.ts';
import { headName, mapParameters } from './parameters.ts';

/** A learned tensor: where its numbers lie in a file, or the numbers themselves. */
export type Weight = WeightInFile | WeightInMemory;

/** The same as a model may be run with it: in halves in a file, or in blocks of few bits. */
export type StoredWeight = Weight | WeightInBlocks;

export interface WeightInFile {
  readonly name: string;
  readonly shape: readonly number[];
  readonly location: TensorLocation;
  readonly values?: undefined;
}

/** Converted from a narrower type, or trained: then whoever trains changes the numbers in place. */
export interface WeightInMemory {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A matrix in blocks of whole numbers with a scale each, which lie along one of its axes (precision/blocks.ts). */
export interface WeightInBlocks {
  readonly name: string;
  readonly shape: readonly number[];
  readonly blocks: Blocks<TensorLocation>;
  readonly values?: undefined;
}

export interface Weights<T extends StoredWeight = Weight> {
  /** By name, without `transformer.`; just those that config.json asks for. A classifier may lack the untied head. */
  readonly tensors: ReadonlyMap<string, T>;
  /** The folder above all weight files, with links resolved. */
  readonly folder: string;
  /** Tensors that nothing reads, one sentence each. */
  readonly warnings: readonly string[];
}

const PREFIX = 'transformer.';
/** Heads of other tasks than predicting the next token. */
const OTHER_HEAD = /^(score|v_head|classification)\./;
const COMPUTED = new Set(['F32', 'F16', 'BF16']);

/**
 * The weights of a model folder, ready to run. F32 is left in its file; F16 and BF16 are converted to float32 in memory.
 * @throws Reasoned what findWeights throws, and `cancelled`.
 */
export async function openWeights(folder: string, config: Gpt2Config, options: OpenOptions = {}): Promise<Weights> {
  const found = await findWeights(folder, config, options);
  const tensors = new Map<string, Weight>();
  for (const [name, weight] of found.tensors) {
    throwIfAborted(options.signal);
    tensors.set(name, weight.location.dtype === 'F32' ? weight : await inMemory(weight, options.signal));
  }
  return { ...found, tensors };
}

/** Reads a weight that lies in a file. */
export async function inMemory(weight: Weight, signal?: AbortSignal): Promise<WeightInMemory> {
  if (weight.values) return weight;
  const { name, shape, location } = weight;
  return { name, shape, values: await readFloat32(location, signal) };
}

/**
 * Where the weights of a model folder are, checked against its configuration; no number is read.
 * @throws Reasoned `tensor-missing`, `tensor-misshapen` or `tensor-type`, naming the tensor, and what openTensors throws.
 */
export async function findWeights(
  folder: string,
  config: Gpt2Config,
  options: OpenOptions = {},
): Promise<Weights<WeightInFile>> {
  const stored = withoutPrefix(await openTensors(folder, options));
  const tensors = new Map<string, WeightInFile>();
  const find = (name: string, shape: readonly number[]): void => {
    tensors.set(name, { name, shape, location: checked(folder, name, shape, stored.get(name)) });
  };
  mapParameters(config, find);
  const head = headName(config);
  // A classifier that was saved without the head that predicts tokens is still one.
  if (stored.has(head) || !stored.has(HEAD_TENSORS.score)) find(head, [config.vocabularySize, config.width]);
  return {
    tensors,
    folder: commonFolder([...tensors.values()].map(({ location }) => dirname(location.file))),
    warnings: unread(stored, tensors, config),
  };
}

function withoutPrefix(tensors: ReadonlyMap<string, TensorLocation>): Map<string, TensorLocation> {
  const bare = ([name, location]: [string, TensorLocation]): [string, TensorLocation] => [
    name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name,
    location,
  ];
  return new Map([...tensors].map(bare));
}

function checked(folder: string, name: string, shape: readonly number[], location?: TensorLocation): TensorLocation {
  if (!location) {
    throw new Reasoned(
      'tensor-missing',
      `"${folder}": the weights have no tensor "${name}", which config.json asks for.`,
      'Compare n_layer and tie_word_embeddings in config.json with the weights, or download the model again.',
    );
  }
  if (location.shape.length !== shape.length || location.shape.some((size, axis) => size !== shape[axis])) {
    const linear = location.shape.length === 2 && location.shape[0] === shape[1] && location.shape[1] === shape[0];
    throw new Reasoned(
      'tensor-misshapen',
      `"${folder}": tensor "${name}" is ${formatShape(location.shape)}, and config.json asks for ${formatShape(shape)}.`,
      linear
        ? 'It was probably saved with Linear instead of Conv1D weights: convert it with transformers and import it again.'
        : 'Correct config.json, or download the model again.',
    );
  }
  if (!COMPUTED.has(location.dtype)) {
    throw new Reasoned(
      'tensor-type',
      `"${folder}": tensor "${name}" is stored as ${location.dtype}.`,
      'Save the model as F32, F16 or BF16 and import it again.',
    );
  }
  return location;
}

function unread(
  stored: ReadonlyMap<string, TensorLocation>,
  read: ReadonlyMap<string, StoredWeight>,
  { tied }: Gpt2Config,
): string[] {
  const ignored = (name: string): boolean =>
    isMaskBuffer(name) || OTHER_HEAD.test(name) || (tied && name === 'lm_head.weight');
  return [...stored.keys()]
    .filter(name => !read.has(name) && !ignored(name))
    .map(name => `The weights hold a tensor "${name}" that this architecture does not have; it is not used.`);
}

/** The deepest folder above all of the given ones. */
function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    const [left, right] = [common.split(sep), folder.split(sep)];
    const length = left.findIndex((part, i) => part !== right[i]);
    return length === -1 ? common : left.slice(0, length).join(sep) || sep;
  });
}
