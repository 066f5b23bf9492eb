import type { ModelEntry, ModelInfo } from '../protocol/engine.ts';
import type { Precision } from '../protocol/precision.ts';
import { Reasoned } from '../protocol/result.ts';
import { type AddOptions, addModel, type DownloadManners } from './adding.ts';
import { isAdapter } from './adapter/config.ts';
import { deleteMerged, mergedFolder } from './adapter/merge.ts';
import { baseOf, entryOf, findModel, type KnownModel, knownModels, type Places, unknownModel } from './entries.ts';
import { inspectFolder } from './folder.ts';
import { type Environment, homeFolder } from './home.ts';
import { deleteSnapshot, snapshotOf } from './hub/snapshots.ts';
import { deletePrecisions } from './kept.ts';
import { type ModelsList, readModelsList, STARTER, updateModelsList } from './modelsFile.ts';
import { deleteConversion } from './pytorch/convert.ts';

export interface ModelsOptions {
  /** The model that ships with LM Lab. */
  readonly starterFolder: string;
  /** Absent: LM_LAB_HOME, or ~/.lm-lab. */
  readonly home?: string;
  /** Absent: the process's own. */
  readonly environment?: Environment;
  readonly manners?: DownloadManners;
}

/** The models list, and every way to name a model. All functions throw Reasoned. */
export interface Models {
  /** The starter first. What can't be used is listed with its `problem`. */
  list(): Promise<ModelEntry[]>;
  /** Adds a folder, or `owner/name[@revision][:subfolder]`, which is downloaded unless the cache holds it. */
  add(source: string, options?: AddOptions): Promise<ModelEntry>;
  /** `deleteDownload` deletes a download's files from the cache; an imported folder is never touched. */
  remove(id: string, options: { readonly deleteDownload: boolean }): Promise<ModelEntry[]>;
  setActive(id: string): Promise<ModelEntry>;
  /** Chooses what a model of the list is loaded in; f32 is what one is loaded in without. */
  setPrecision(id: string, precision: Precision): Promise<ModelEntry>;
  /** Takes what `resolve` takes. */
  info(model: string): Promise<Omit<ModelInfo, 'warnings'>>;
  /** A folder, an id, a hub name or `active`; nothing is downloaded. An adapter is merged with its base, once. */
  resolve(model: string): Promise<ModelEntry>;
  /** The same without merging: an adapter's own folder, with that of its base. */
  locate(model: string): Promise<{ readonly folder: string; readonly base: string | null }>;
}

export function createModels({ starterFolder, environment = process.env, home, manners = {} }: ModelsOptions): Models {
  const places: Places = { starterFolder, environment, home: home ?? homeFolder(environment) };

  const entries = (list: ModelsList): Promise<ModelEntry[]> =>
    Promise.all(knownModels(list, places).map(model => entryOf(model, list, places)));

  const resolve = async (name: string): Promise<ModelEntry> => {
    const list = await readModelsList(places.home);
    const entry = await entryOf(await findModel(name, list, places), list, places);
    if (entry.problem) throw Reasoned.from(entry.problem);
    if (!(await isAdapter(entry.folder))) return entry;
    const base = await baseOf(entry.folder, list, places);
    return { ...entry, folder: await mergedFolder(entry.folder, base.folder, places) };
  };

  const locate = async (name: string) => {
    const list = await readModelsList(places.home);
    const { folder } = await findModel(name, list, places);
    return { folder, base: (await isAdapter(folder)) ? (await baseOf(folder, list, places)).folder : null };
  };

  return {
    resolve,
    locate,
    list: async () => entries(await readModelsList(places.home)),
    add: async (source, options = {}) => resolve(await addModel(source, places, options, manners)),
    async setActive(id) {
      await resolve(listed(id, await readModelsList(places.home), places).id);
      await updateModelsList(places.home, list => ({ ...list, active: listed(id, list, places).id }));
      return resolve(id);
    },
    async setPrecision(id, precision) {
      listed(id, await readModelsList(places.home), places);
      const list = await updateModelsList(places.home, list => withPrecision(list, id, precision));
      return entryOf(listed(id, list, places), list, places);
    },
    async remove(id, { deleteDownload }) {
      const removed = listed(id, await readModelsList(places.home), places);
      if (removed.id === STARTER) throw starterStays();
      // What is made of its folder is found by the folder, which a download loses below. Where that fails, the model is
      // still in the list, and can be removed again.
      await deleteMerged(removed.folder, places.home);
      await deletePrecisions(removed.folder, places.home);
      await deleteConversion(removed.folder, places.home);
      const list = await updateModelsList(places.home, list => ({
        ...withPrecision(list, id, 'f32'),
        active: list.active === id ? STARTER : list.active,
        models: list.models.filter(model => model.id !== id),
      }));
      if (deleteDownload) await deleteFiles(removed, list);
      return entries(list);
    },
    async info(model) {
      const entry = await resolve(model);
      return { entry, ...(await inspectFolder(entry.folder)) };
    },
  };
}

function listed(id: string, list: ModelsList, places: Places): KnownModel {
  const known = knownModels(list, places);
  const model = known.find(other => other.id === id);
  if (!model) throw unknownModel(id, known);
  return model;
}

function withPrecision({ precisions = {}, ...list }: ModelsList, id: string, precision: Precision): ModelsList {
  const others = Object.entries(precisions).filter(([other]) => other !== id);
  const chosen = precision === 'f32' ? others : [...others, [id, precision] as const];
  return { ...list, ...(chosen.length > 0 && { precisions: Object.fromEntries(chosen) }) };
}

async function deleteFiles({ folder, hubName }: KnownModel, list: ModelsList): Promise<void> {
  const snapshot = hubName === undefined ? undefined : snapshotOf(folder);
  // Two models of the list may lie in one snapshot, as subfolders: then its files stay.
  if (snapshot && !list.models.some(model => snapshotOf(model.folder)?.folder === snapshot.folder))
    await deleteSnapshot(snapshot);
}

const starterStays = (): Reasoned =>
  new Reasoned('starter-stays', 'The starter model is part of LM Lab and can’t be removed.', 'Choose another model.');
