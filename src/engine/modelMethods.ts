import { readConfig } from '../gpt2/config.ts';
import { findWeights } from '../gpt2/weights.ts';
import type { createModels } from '../models/registry.ts';
import type { OpenOptions } from '../models/weights.ts';
import type { EngineApi, EngineOptions } from '../protocol/engine.ts';
import type { Attempt } from './attempts.ts';
import { placementOf } from './placement.ts';

type ModelMethods = Pick<
  EngineApi,
  'listModels' | 'addModel' | 'removeModel' | 'setActiveModel' | 'setPrecision' | 'placement' | 'modelInfo'
>;

/** What is asked of the models list, and of a folder without loading it. */
export const modelMethods = (
  models: ReturnType<typeof createModels>,
  attempt: Attempt,
  options: OpenOptions & Pick<EngineOptions, 'threads'>,
): ModelMethods => ({
  listModels: () => attempt(() => models.list()),
  addModel: ({ source, activate, token, endpoint, name }, call = {}) =>
    attempt(() =>
      models.add(source, {
        ...call,
        ...(token !== undefined && { token }),
        ...(endpoint !== undefined && { endpoint }),
        ...(activate !== undefined && { activate }),
        ...(name !== undefined && { name }),
      }),
    ),
  removeModel: ({ id, deleteDownload }) => attempt(() => models.remove(id, { deleteDownload })),
  setActiveModel: ({ id }) => attempt(() => models.setActive(id)),
  setPrecision: ({ id, precision }) => attempt(() => models.setPrecision(id, precision)),
  placement: ({ model, device = 'auto', precision }, call = {}) =>
    attempt(async () => {
      const entry = await models.resolve(model);
      const placing = { device, precision: precision ?? entry.precision };
      return { entry, ...(await placementOf(entry.folder, { ...options, ...placing, ...call })) };
    }),
  modelInfo: ({ model }, call = {}) =>
    attempt(async () => {
      const info = await models.info(model);
      const { folder } = info.entry;
      const { warnings } = await findWeights(folder, await readConfig(folder), { ...options, ...call });
      return { ...info, warnings };
    }),
});
