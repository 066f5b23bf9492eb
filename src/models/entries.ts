import { resolve } from 'node:path';
import type { ModelEntry } from '../protocol/engine.ts';
import { Reasoned, reasonOf } from '../protocol/result.ts';
import { exists } from './files.ts';
import { isAdapter, readAdapterConfig } from './adapter/config.ts';
import { describeAdapter, describeFolder, type FolderFacts } from './folder.ts';
import { type Environment, expandHome } from './home.ts';
import { cacheFolder, findInCache } from './hub/cache.ts';
import { formatHubName, isCanonicalName, parseHubName } from './hub/names.ts';
import { isFolderName } from './modelNames.ts';
import { type ModelsList, STARTER } from './modelsFile.ts';

/** Where models are looked for. */
export interface Places {
  readonly starterFolder: string;
  readonly home: string;
  readonly environment: Environment;
}

/** A model by name and place, before its folder is read. */
export type KnownModel = Pick<ModelEntry, 'id' | 'source' | 'folder' | 'hubName'>;

export function knownModels(list: ModelsList, { starterFolder }: Places): KnownModel[] {
  return [{ id: STARTER, source: 'starter', folder: starterFolder }, ...list.models];
}

/** The active model's id; the starter's where the one that was active is not listed any more. */
export const activeId = ({ active, models }: ModelsList): string =>
  models.some(({ id }) => id === active) ? active : STARTER;

/** What a model's folder says now. What prevents its use is told in `problem`, and not thrown. */
export async function entryOf(model: KnownModel, list: ModelsList, places: Places): Promise<ModelEntry> {
  const { id, source, folder, hubName } = model;
  const precision = list.precisions?.[id];
  const known = {
    id,
    source,
    folder,
    ...(hubName !== undefined && { hubName }),
    active: id === activeId(list),
    ...(precision && { precision }),
  };
  try {
    if (!(await exists(folder))) throw folderGone(model);
    return { ...known, ...(await factsOf(folder, list, places)) };
  } catch (error) {
    const nothing = { parameters: 0, contextLength: 0, bytes: 0, architecture: '' };
    return { ...known, ...nothing, problem: reasonOf(error) };
  }
}

/** An adapter is described as what it makes of its base. */
async function factsOf(folder: string, list: ModelsList, places: Places): Promise<FolderFacts> {
  if (!(await isAdapter(folder))) return describeFolder(folder);
  return describeAdapter(folder, (await baseOf(folder, list, places)).folder);
}

/** The model that an adapter was trained on; a relative path is one from the adapter's folder. */
export async function baseOf(adapter: string, list: ModelsList, places: Places): Promise<KnownModel> {
  const { base } = await readAdapterConfig(adapter);
  const found = await findModel(base.startsWith('.') ? resolve(adapter, base) : base, list, places);
  if (await exists(found.folder)) return found;
  throw new Reasoned(
    'adapter-base-gone',
    `The adapter "${adapter}" was trained on "${found.folder}", which is not there.`,
    'Put the model back, or correct base_model_name_or_path in adapter_config.json.',
  );
}

/**
 * Which model is meant by a folder, an id, a hub name or `active`: from the list, else from the disk.
 * @throws Reasoned `model-unknown`, `model-not-downloaded` or `hub-name-invalid`
 */
export async function findModel(name: string, list: ModelsList, places: Places): Promise<KnownModel> {
  const known = knownModels(list, places);
  if (isFolderName(name)) {
    const folder = expandHome(name);
    return known.find(model => model.folder === folder) ?? { id: folder, source: 'folder', folder };
  }
  const id = name === 'active' ? activeId(list) : name;
  return known.find(model => model.id === id) ?? findByHubName(name, known, places);
}

async function findByHubName(name: string, known: readonly KnownModel[], places: Places): Promise<KnownModel> {
  if (!name.includes('/') && !isCanonicalName(name)) throw unknownModel(name, known);
  const parsed = parseHubName(name);
  const hubName = formatHubName(parsed);
  const listed = known.find(model => model.hubName === hubName);
  if (listed) return listed;
  const folder = await findInCache(cacheFolder(places.environment), parsed);
  if (folder === undefined)
    throw new Reasoned(
      'model-not-downloaded',
      `"${hubName}" is neither in the list of models nor in the local cache.`,
      `Of the hub, download it first: "LM Lab: Download Model", or lm-lab models add ${hubName}. A folder is written with ./ before it: ./${name}.`,
    );
  return { id: hubName, source: 'hub', folder, hubName };
}

export const unknownModel = (name: string, known: readonly KnownModel[]): Reasoned =>
  new Reasoned(
    'model-unknown',
    `There is no model "${name}" in the list, which has ${known.map(({ id }) => id).join(', ')}.`,
    'Use one of these, a folder (starting with ., / or ~), or owner/name for a model from the hub.',
  );

const folderGone = ({ folder, id }: KnownModel): Reasoned =>
  id === folder
    ? new Reasoned('model-folder-gone', `There is no folder "${folder}".`, 'Check the path, or give a model’s id.')
    : new Reasoned(
        'model-folder-gone',
        `The folder of the model "${id}" is not there: ${folder}.`,
        'Put it back, or remove the model from the list and add it again.',
      );
