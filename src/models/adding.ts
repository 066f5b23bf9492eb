import { join } from 'node:path';
import type { OnProgress } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import { isAdapter } from './adapter/config.ts';
import { mergedFolder } from './adapter/merge.ts';
import { baseOf, knownModels, type Places } from './entries.ts';
import { exists } from './files.ts';
import { describeFolder } from './folder.ts';
import { expandHome } from './home.ts';
import { cacheFolder, findInCache } from './hub/cache.ts';
import { type DownloadOptions, download } from './hub/download.ts';
import { formatHubName, type HubName, isCanonicalName, parseHubName } from './hub/names.ts';
import { idForFolder, idForHubName, isFolderName } from './modelNames.ts';
import { type ModelsList, readModelsList, STARTER, type StoredModel, updateModelsList } from './modelsFile.ts';
import { hasWeights, openTensors } from './weights.ts';

export interface AddOptions {
  /** Absent: HF_TOKEN, or the token file of `hf auth login`. */
  readonly token?: string | undefined;
  /** Absent: HF_ENDPOINT, or the public hub. */
  readonly endpoint?: string | undefined;
  /** Whether the model becomes the active one. */
  readonly activate?: boolean | undefined;
  /** What a folder's id is made of. Absent: the folder's name. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** How patient a download is, and how free space is measured. */
export type DownloadManners = Pick<DownloadOptions, 'retry' | 'free'>;

interface NewModel {
  readonly folder: string;
  readonly named?: string | undefined;
  readonly hubName?: HubName;
}

/**
 * Adds a folder or a model from the hub to the list and returns its id. One that is listed keeps its id.
 * @throws Reasoned where it is not a GPT-2 that can be read, or could not be downloaded.
 */
export async function addModel(
  source: string,
  places: Places,
  options: AddOptions,
  manners: DownloadManners,
): Promise<string> {
  const model = isFolderName(source)
    ? { folder: expandHome(source), named: options.name }
    : await fromHub(hubNameOf(source), places, options, manners);
  // Here a person waits and can cancel: what must be converted is converted now, and not at the first use.
  const conversion = { home: places.home, signal: options.signal, onProgress: options.onProgress };
  if (await isAdapter(model.folder)) {
    const base = await baseOf(model.folder, await readModelsList(places.home), places);
    await mergedFolder(model.folder, base.folder, conversion);
  } else {
    await describeFolder(model.folder);
    await openTensors(model.folder, conversion);
  }
  let id = '';
  await updateModelsList(
    places.home,
    list => {
      id = idIn(list, model, places);
      return {
        ...list,
        active: options.activate ? id : list.active,
        models: withModel(list.models, storedModel(id, model)),
      };
    },
    options.signal,
  );
  return id;
}

/** The id under which the list has the model already, the starter's included, or a new one. */
function idIn(list: ModelsList, { folder, named, hubName }: NewModel, places: Places): string {
  const known = knownModels(list, places);
  const taken = known.map(({ id }) => id);
  if (hubName === undefined)
    return known.find(other => other.folder === folder)?.id ?? idForFolder(named ?? folder, taken);
  const name = formatHubName(hubName);
  return known.find(other => other.hubName === name)?.id ?? idForHubName(hubName, taken);
}

function withModel(models: readonly StoredModel[], model: StoredModel): StoredModel[] {
  const at = models.findIndex(({ id }) => id === model.id);
  if (at >= 0) return models.with(at, { ...model, addedAt: models[at]?.addedAt ?? model.addedAt });
  return model.id === STARTER ? [...models] : [...models, model];
}

function hubNameOf(source: string): HubName {
  if (source.includes('/') || isCanonicalName(source)) return parseHubName(source);
  throw new Reasoned(
    'model-source-unknown',
    `"${source}" is neither a folder nor a model on the hub.`,
    `Write ./${source} for a folder, or owner/name for a model on the hub.`,
  );
}

/** The cache serves as it is where it holds all that a model needs, so that this works offline too. */
async function fromHub(
  hubName: HubName,
  { environment }: Places,
  options: AddOptions,
  manners: DownloadManners,
): Promise<NewModel> {
  const cached = await findInCache(cacheFolder(environment), hubName);
  if (cached !== undefined && (await isWhole(cached))) return { folder: cached, hubName };
  return { folder: await download(hubName, { ...options, ...manners, environment }), hubName };
}

/** Other programs may have left only a part of a repository in the cache. */
async function isWhole(folder: string): Promise<boolean> {
  const has = (name: string): Promise<boolean> => exists(join(folder, name));
  const tokenizer = (await has('tokenizer.json')) || ((await has('vocab.json')) && (await has('merges.txt')));
  return tokenizer && (await hasWeights(folder));
}

function storedModel(id: string, { folder, hubName }: NewModel): StoredModel {
  const addedAt = new Date().toISOString();
  return hubName
    ? { id, source: 'hub', folder, hubName: formatHubName(hubName), addedAt }
    : { id, source: 'folder', folder, addedAt };
}
