import { rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { openTable } from '../../data/open.ts';
import type { Table } from '../../data/table.ts';
import { writeAtomically } from '../../models/atomicFile.ts';
import { readFolderConfig } from '../../models/config.ts';
import { exists } from '../../models/files.ts';
import { expandHome } from '../../models/home.ts';
import { createModels, type Models } from '../../models/registry.ts';
import type { Call } from '../../protocol/engine.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import { withBackward } from '../../protocol/run/memory.ts';
import { modelSize } from '../../protocol/run/modelSize.ts';
import { withPaths } from '../../protocol/run/paths.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { loadTokenizer } from '../../tokenizer/load.ts';
import { requireRewardModel } from '../experience/requireRewardModel.ts';
import { rowCount } from './examples.ts';
import { writeExamples } from './files.ts';
import { examplesModel, modelFolder } from './model.ts';
import type { PreparedExamples, Views } from './prepared.ts';
import { prepareExamples } from './prepareExamples.ts';
import { type DatasetView, viewOf } from './rows.ts';

export interface PrepareRunOptions extends Pick<Call, 'signal' | 'onProgress'> {
  /** The model that ships with LM Lab. */
  readonly starterFolder: string;
  /** Where the models list is kept. Absent: LM Lab's folder in the user's home. */
  readonly home?: string;
}

/**
 * Makes the examples that a run folder's run.json asks for: data/{train,validation,test}.safetensors, run.json with the
 * models as folders, the labels and the columns that were found, and split.json, which comes last. What is there
 * already is not made again. All that can be refused is refused before anything is written.
 * Throws the reasons of datasets, of preparing and of the models list.
 */
export async function prepareRun(folder: string, spec: RunSpec, options: PrepareRunOptions): Promise<void> {
  if (await exists(join(folder, RUN_FILES.split))) return;
  const { starterFolder, home, ...call } = options;
  const models = createModels({ starterFolder, ...(home !== undefined && { home }) });
  const resolved = await withFolders(absolute(spec, folder), models);
  const model = await examplesModel(resolved.model, await loadTokenizer(resolved.model));
  const { rewardModel } = resolved.ppo;
  if (rewardModel !== null) {
    const { tokenizer, contextLength } = model;
    await requireRewardModel(rewardModel, { tokenizer, longest: resolved.training.maxLength ?? contextLength });
  }
  const tables: Table[] = [];
  try {
    const views = await viewsOf(resolved, tables, call);
    const prepared = await prepareExamples(resolved, views, model, call);
    const sized = await fitted(resolved, prepared);
    await write(folder, completedSpec(spec, sized, views.train, prepared), prepared, call);
  } finally {
    for (const { rows } of tables) rows.dispose();
  }
}

/** Paths in a run.json are relative to its folder. */
const absolute = (spec: RunSpec, folder: string): RunSpec =>
  withPaths(spec, path => (path.startsWith('~') ? expandHome(path) : resolve(folder, path)));

async function withFolders(spec: RunSpec, models: Models): Promise<RunSpec> {
  const folderOf = async (name: string | null): Promise<string | null> =>
    name === null ? null : (await models.resolve(name)).folder;
  const { method, dpo, ppo } = spec;
  return {
    ...spec,
    model: await modelFolder(spec, models),
    dpo: method === 'dpo' ? { ...dpo, reference: await folderOf(dpo.reference) } : dpo,
    ppo: method === 'ppo' ? { ...ppo, rewardModel: await folderOf(ppo.rewardModel) } : ppo,
  };
}

/** With what follows from the sizes of model and rows, and from this machine's memory: so that a resumed run goes on alike. */
async function fitted(spec: RunSpec, { parts: { train } }: PreparedExamples): Promise<RunSpec> {
  const tokensPerRow = train ? train.ids.length / rowCount(train) : 0;
  return withBackward(spec, modelSize(await readFolderConfig(spec.model)), tokensPerRow, totalmem());
}

/** Opened tables are added to `tables`, whoever then closes them. */
async function viewsOf(spec: RunSpec, tables: Table[], call: Pick<Call, 'signal' | 'onProgress'>): Promise<Views> {
  const { file, header, split } = spec.dataset;
  const view = async (file: string, others: boolean): Promise<DatasetView> => {
    const table = await openTable(file, { header, ...call });
    tables.push(table);
    return viewOf(table, spec, call, others);
  };
  const files = 'files' in split ? split.files : {};
  const train = await view(file, false);
  const others: { validation?: DatasetView; test?: DatasetView } = {};
  for (const part of ['validation', 'test'] as const) {
    const file = files[part];
    if (file !== undefined) others[part] = await view(file, true);
  }
  return { train, ...others };
}

/** As it was written, with what was left open filled in; paths to the data stay as they are. */
function completedSpec(
  spec: RunSpec,
  resolved: RunSpec,
  { roles, view }: DatasetView,
  { labels }: PreparedExamples,
): RunSpec {
  const { table } = view;
  const header = table.separator === undefined ? spec.dataset.header : table.header;
  return {
    ...spec,
    model: resolved.model,
    training: resolved.training,
    dpo: resolved.dpo,
    ppo: resolved.ppo,
    dataset: { ...spec.dataset, header, columns: roles },
    classification: ['classification', 'ppo'].includes(spec.method)
      ? { ...spec.classification, labels }
      : spec.classification,
  };
}

async function write(
  folder: string,
  spec: RunSpec,
  { parts, split }: PreparedExamples,
  { onProgress }: Pick<Call, 'onProgress'>,
): Promise<void> {
  const data = join(folder, RUN_FILES.data);
  await rm(data, { recursive: true, force: true }); // of a preparing that was interrupted
  for (const [part, examples] of Object.entries(parts)) {
    if (!examples) continue;
    onProgress?.({ message: `Writing the examples of ${part}`, done: 0, unit: 'rows' });
    await writeExamples(join(data, `${part}.safetensors`), examples);
  }
  await writeJson(join(folder, RUN_FILES.spec), spec, 2);
  await writeJson(join(folder, RUN_FILES.split), split);
}

const writeJson = (file: string, value: unknown, indent?: number): Promise<void> =>
  writeAtomically(file, handle => handle.writeFile(`${JSON.stringify(value, null, indent)}\n`));
