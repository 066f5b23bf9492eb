import { stat } from 'node:fs/promises';
import type { ModelEntry, ModelInfo } from '../protocol/engine.ts';
import { architectureOf, contextLengthOf, isTied, readFolderConfig } from './config.ts';
import { fileError } from './files.ts';
import { moduleTree, parameterTensors } from './modules.ts';
import { elementCount } from './safetensors/dtypes.ts';
import { listTensors, type TensorDescription } from './weights.ts';

/** What a model folder says about itself; the list adds what it is called and where it came from. */
export type FolderFacts = Pick<ModelEntry, 'parameters' | 'contextLength' | 'bytes' | 'architecture'>;

/** @throws Reasoned where config.json or the weights are missing, damaged or not a GPT-2's. */
export async function describeFolder(folder: string): Promise<FolderFacts> {
  const config = await readFolderConfig(folder);
  const tensors = await listTensors(folder);
  return {
    parameters: parameterTensors(tensors, isTied(config)).reduce((sum, { shape }) => sum + elementCount(shape), 0),
    contextLength: contextLengthOf(config),
    bytes: await weightBytes(tensors),
    architecture: architectureOf(config),
  };
}

/** The config and the tree of modules. Throws as describeFolder. */
export async function inspectFolder(folder: string): Promise<Pick<ModelInfo, 'config' | 'modules'>> {
  const config = await readFolderConfig(folder);
  return { config, modules: moduleTree(await listTensors(folder), architectureOf(config), isTied(config)) };
}

async function weightBytes(tensors: readonly TensorDescription[]): Promise<number> {
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
