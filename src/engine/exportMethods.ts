import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classifierConfig, HEAD_TENSORS } from '../gpt2/classifierConfig.ts';
import { readConfig } from '../gpt2/config.ts';
import { exportGraph } from '../gpt2/exportGraph.ts';
import { mergedFolder, writeMerged } from '../models/adapter/merge.ts';
import { readFolderConfig } from '../models/config.ts';
import { emptyFolder, writeAdapter, writeModelFolder } from '../models/export.ts';
import { expandHome } from '../models/home.ts';
import type { createModels } from '../models/registry.ts';
import { openTensors } from '../models/safetensors.ts';
import type { OpenOptions } from '../models/weights.ts';
import { serialize } from '../onnx/serialize.ts';
import type { ExportApi, ExportModelRequest } from '../protocol/export.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Attempt } from './attempts.ts';

const GRAPH = 'model.onnx';

/** Gives models to other programs. What was written stays only where all of it was. */
export const exportMethods = (
  models: ReturnType<typeof createModels>,
  attempt: Attempt,
  options: OpenOptions,
): ExportApi => ({
  exportModel: (request, call = {}) =>
    attempt(async () => {
      const located = await models.locate(request.model);
      if (request.merge && located.base === null) throw notAnAdapter(located.folder);
      const folder = expandHome(request.folder);
      await emptyFolder(folder);
      try {
        const files = await write({ ...request, folder }, located, { ...options, ...call });
        return { files: files.map(name => join(folder, name)) };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    }),
});

async function write(
  { format, folder, merge }: ExportModelRequest,
  { folder: from, base }: { readonly folder: string; readonly base: string | null },
  options: OpenOptions,
): Promise<string[]> {
  if (format === 'safetensors') {
    if (base === null) return writeModelFolder(from, folder, options);
    return merge ? writeMerged(from, base, folder, options) : writeAdapter(from, folder);
  }
  if (base !== null && !merge) throw adapterAlone(from);
  const whole = base === null ? from : await mergedFolder(from, base, options);
  const files = await writeModelFolder(whole, folder, { ...options, float32: true });
  await writeFile(join(folder, GRAPH), await graphOf(folder));
  return [GRAPH, ...files];
}

/** The graph of an exported folder, whose weights it names in the file beside it. */
async function graphOf(folder: string): Promise<Uint8Array> {
  const tensors = await openTensors(folder);
  const at = (name: string) => tensors.get(`transformer.${name}`) ?? tensors.get(name);
  const head = tensors.has(HEAD_TENSORS.score) ? classifierConfig(await readFolderConfig(folder), folder) : null;
  const graph = exportGraph(await readConfig(folder), head, (graph, name) => {
    const tensor = at(name);
    if (!tensor) throw missing(folder, name);
    const known = graph.initializers.find(initializer => initializer.tensor.name === tensor.name);
    return known?.tensor ?? graph.initializer(tensor.name, { type: 'float32', shape: tensor.shape }, tensor);
  });
  return serialize(graph, await realFolder(tensors.values()));
}

/** Links resolved, as the tensors' own paths are. */
async function realFolder(tensors: Iterable<{ readonly file: string }>): Promise<string> {
  const [first] = tensors;
  return join(first?.file ?? '.', '..');
}

const notAnAdapter = (folder: string): Reasoned =>
  new Reasoned('not-an-adapter', `"${folder}" is no adapter, so there is nothing to merge.`, 'Leave --merge out.');

const adapterAlone = (folder: string): Reasoned =>
  new Reasoned(
    'adapter-alone',
    `"${folder}" is an adapter, and an ONNX file holds a whole model.`,
    'Add --merge, which puts it into its base.',
  );

const missing = (folder: string, name: string): Reasoned =>
  new Reasoned('tensor-missing', `"${folder}": the weights have no tensor "${name}".`, 'Export a model that is whole.');
