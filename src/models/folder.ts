import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelEntry, ModelInfo } from '../protocol/engine.ts';
import { architectureOf, contextLengthOf, isTied, labelsOf, readFolderConfig } from './config.ts';
import { ADAPTER_WEIGHTS } from './adapter/config.ts';
import { exists, fileError } from './files.ts';
import { readHeader } from './safetensors/header.ts';
import { moduleTree, parameterTensors } from './modules.ts';
import { elementCount } from './safetensors/dtypes.ts';
import { listTensors, type TensorDescription } from './weights.ts';

/** What a model folder says about itself; the list adds what it is called and where it came from. */
export type FolderFacts = Pick<ModelEntry, 'parameters' | 'contextLength' | 'bytes' | 'architecture' | 'labels'>;

/** @throws Reasoned where config.json or the weights are missing, damaged or not a GPT-2's. */
export async function describeFolder(folder: string): Promise<FolderFacts> {
  const config = await readFolderConfig(folder);
  const tensors = await listTensors(folder);
  return {
    parameters: parameterTensors(tensors, isTied(config)).reduce((sum, { shape }) => sum + elementCount(shape), 0),
    contextLength: contextLengthOf(config),
    bytes: await weightBytes(tensors),
    architecture: architectureOf(config),
    ...classifierFacts(config, tensors),
  };
}

/** What a base with an adapter is. Throws as describeFolder. */
export async function describeAdapter(adapter: string, base: string): Promise<FolderFacts> {
  const facts = await describeFolder(base);
  const own = join(adapter, 'config.json');
  const config = { ...(await readFolderConfig(base)), ...((await exists(own)) ? await readFolderConfig(adapter) : {}) };
  const tensors = [...(await readHeader(join(adapter, ADAPTER_WEIGHTS))).values()];
  const head = tensors.filter(({ name }) => name.endsWith('score.weight')).map(tensor => ({ ...tensor, name: SCORE }));
  return { ...facts, ...(head.length > 0 && classifierFacts(config, head)) };
}

const SCORE = 'score.weight';

/** One output is a score, as a reward model gives it, and no label. */
function classifierFacts(
  config: Readonly<Record<string, unknown>>,
  tensors: readonly TensorDescription[],
): Pick<FolderFacts, 'labels'> {
  const outputs = tensors.find(({ name }) => name === SCORE)?.shape[0] ?? 0;
  return outputs > 1 ? { labels: labelsOf(config, outputs) } : {};
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
