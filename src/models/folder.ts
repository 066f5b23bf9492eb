import { stat } from 'node:fs/promises';
import type { ModelEntry, ModelInfo } from '../protocol/engine.ts';
import { architectureOf, contextLengthOf, isTied, readFolderConfig } from './config.ts';
import { fileError } from './files.ts';
import { moduleTree, parameterTensors } from './modules.ts';
import { elementCount } from './safetensors/dtypes.ts';
import type { TensorLocation } from './safetensors/header.ts';
import { type OpenOptions, openTensors } from './weights.ts';

/** What a model folder says about itself; the list adds what it is called and where it came from. */
export type FolderFacts = Pick<ModelEntry, 'parameters' | 'contextLength' | 'bytes' | 'architecture'>;

/** @throws Reasoned where config.json or the weights are missing, damaged or not a GPT-2's. */
export async function describeFolder(folder: string, options: OpenOptions = {}): Promise<FolderFacts> {
  const { config, tensors } = await readFolder(folder, options);
  return {
    parameters: parameterTensors(tensors, isTied(config)).reduce((sum, { shape }) => sum + elementCount(shape), 0),
    contextLength: contextLengthOf(config),
    bytes: await weightBytes(tensors),
    architecture: architectureOf(config),
  };
}

/** The config and the tree of modules. */
export async function inspectFolder(
  folder: string,
  options: OpenOptions = {},
): Promise<Pick<ModelInfo, 'config' | 'modules'>> {
  const { config, tensors } = await readFolder(folder, options);
  return { config, modules: moduleTree(tensors, architectureOf(config), isTied(config)) };
}

async function readFolder(
  folder: string,
  options: OpenOptions,
): Promise<{ config: Record<string, unknown>; tensors: TensorLocation[] }> {
  const config = await readFolderConfig(folder);
  return { config, tensors: [...(await openTensors(folder, options)).values()] };
}

async function weightBytes(tensors: readonly TensorLocation[]): Promise<number> {
  let bytes = 0;
  for (const file of new Set(tensors.map(tensor => tensor.file))) {
    try {
      bytes += (await stat(file)).size;
    } catch (error) {
      throw fileError(error, file);
    }
  }
  return bytes;
}
