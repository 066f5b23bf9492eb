import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classifierConfig, HEAD_TENSORS } from '../gpt2/classifierConfig.ts';
import { readConfig } from '../gpt2/config.ts';
import { exportGraph } from '../gpt2/exportGraph.ts';
import { bind } from '../gpt2/graphs.ts';
import { storedWeight } from '../gpt2/precision/open.ts';
import { inPrecision } from '../gpt2/precision/write.ts';
import { findWeights, type WeightInFile } from '../gpt2/weights.ts';
import { mergedFolder, writeMerged } from '../models/adapter/merge.ts';
import { readFolderConfig } from '../models/config.ts';
import { emptyFolder, writeAdapter, writeBesideWeights, writeModelFolder } from '../models/export.ts';
import { expandHome } from '../models/home.ts';
import type { createModels } from '../models/registry.ts';
import { openTensors, readHeader, type TensorLocation, writeSafetensors } from '../models/safetensors.ts';
import type { OpenOptions } from '../models/weights.ts';
import { serialize } from '../onnx/serialize.ts';
import type { ExportApi, ExportModelRequest } from '../protocol/export.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Attempt } from './attempts.ts';

const GRAPH = 'model.onnx';
const BLOCKS = 'model.onnx.safetensors';

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
  { format, folder, merge, precision }: ExportModelRequest,
  { folder: from, base }: { readonly folder: string; readonly base: string | null },
  options: OpenOptions,
): Promise<string[]> {
  if (precision === 'int8' || precision === 'int4') {
    if (format === 'safetensors') throw blocksAlone(precision);
    if (base !== null && !merge) throw adapterAlone(from);
    return writeBlocks(base === null ? from : await mergedFolder(from, base, options), folder, precision, options);
  }
  if (format === 'safetensors') {
    if (base === null) return writeModelFolder(from, folder, { ...options, precision });
    if (!merge && precision) throw adapterAsItIs(from);
    if (!merge) return writeAdapter(from, folder);
    if (!precision) return writeMerged(from, base, folder, options);
  }
  if (base !== null && !merge) throw adapterAlone(from);
  const whole = base === null ? from : await mergedFolder(from, base, options);
  if (format === 'safetensors') return writeModelFolder(whole, folder, { ...options, precision });
  const files = await writeModelFolder(whole, folder, { ...options, precision: precision ?? 'f32' });
  await writeFile(join(folder, GRAPH), await graphOf(folder));
  return [GRAPH, ...files];
}

/** The graph of an exported folder, whose weights it names in the file beside it. */
async function graphOf(folder: string): Promise<Uint8Array> {
  const tensors = await openTensors(folder);
  const at = (name: string) => tensors.get(`transformer.${name}`) ?? tensors.get(name);
  const head = tensors.has(HEAD_TENSORS.score) ? classifierConfig(await readFolderConfig(folder), folder) : null;
  const graph = exportGraph(await readConfig(folder), head, (graph, name) => {
    const location = at(name);
    if (!location) throw missing(folder, name);
    return bind(graph, { name: location.name, shape: location.shape, location });
  });
  return serialize(graph, await realFolder(tensors.values()));
}

/** The graph with its weights in int8 or int4 beside it; no other program reads those without the graph. */
async function writeBlocks(
  from: string,
  folder: string,
  precision: 'int8' | 'int4',
  options: OpenOptions,
): Promise<string[]> {
  const config = await readConfig(from);
  if ((await openTensors(from, options)).has(HEAD_TENSORS.score)) throw classifierInBlocks(from, precision);
  const { tensors } = await findWeights(from, config, options);
  const files = await writeBesideWeights(from, folder);
  const file = join(folder, BLOCKS);
  await writeSafetensors(file, inPrecision([...tensors.values()], precision, options), {}, { inOrder: true });
  const kept = await readHeader(file);
  const graph = exportGraph(config, null, (graph, name) => {
    const weight = tensors.get(name) as WeightInFile;
    return bind(
      graph,
      storedWeight(weight, precision, part => kept.get(part) as TensorLocation),
    );
  });
  await writeFile(join(folder, GRAPH), serialize(graph, await realFolder(kept.values())));
  return [GRAPH, BLOCKS, ...files];
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

const adapterAsItIs = (folder: string): Reasoned =>
  new Reasoned(
    'adapter-alone',
    `"${folder}" is an adapter, which is copied as it is.`,
    'Add --merge, which puts it into its base, or leave --precision out.',
  );

const blocksAlone = (precision: string): Reasoned =>
  new Reasoned(
    'precision-unfit',
    `A Hugging Face folder can't hold weights in ${precision}.`,
    'Export with --format onnx, or in f32, f16 or bf16.',
  );

const classifierInBlocks = (folder: string, precision: string): Reasoned =>
  new Reasoned(
    'precision-unfit',
    `"${folder}" is a classifier, and classifiers are not exported in ${precision}: which label is likelier may hang on less than the rounding.`,
    'Export it in f32, f16 or bf16.',
  );

const missing = (folder: string, name: string): Reasoned =>
  new Reasoned('tensor-missing', `"${folder}": the weights have no tensor "${name}".`, 'Export a model that is whole.');
