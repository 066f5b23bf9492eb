import type { createModels } from '../models/registry.ts';
import type { Call, ModelChoice, ModelEntry } from '../protocol/engine.ts';
import type { Loaded, LoadedModels } from './loadedModels.ts';

/** Works with the model that is meant, loaded where it should run. */
export type WithModel = <T>(
  choice: ModelChoice,
  call: Call,
  work: (subject: Loaded, entry: ModelEntry) => Promise<T>,
) => Promise<T>;

/** A precision that is not asked for is the one chosen for the model. */
export const workingWith =
  (models: ReturnType<typeof createModels>, loaded: LoadedModels): WithModel =>
  async ({ model, device = 'auto', precision }, call, work) => {
    const entry = await models.resolve(model);
    const placing = { device, precision: precision ?? entry.precision ?? 'f32' };
    return loaded.use(entry, placing, call, subject => work(subject, entry));
  };
