import { createModels } from '../models/registry.ts';
import type { EngineApi, EngineOptions } from '../protocol/engine.ts';
import type { HostApi } from '../protocol/evaluation/host.ts';
import { attempts } from './attempts.ts';
import { classifierMethods } from './classifierMethods.ts';
import { datasetMethods } from './datasetMethods.ts';
import { KeptDatasets } from './datasets/kept.ts';
import { evaluationMethods } from './evaluationMethods.ts';
import { exportMethods } from './exportMethods.ts';
import { LoadedModels } from './loadedModels.ts';
import { modelMethods } from './modelMethods.ts';
import { scoringMethods } from './scoringMethods.ts';
import { Tokenizers } from './tokenizers.ts';
import { workingWith } from './withModel.ts';
import { writingMethods } from './writingMethods.ts';

export interface EngineServiceOptions extends EngineOptions {
  readonly log: (line: string) => void;
  /** Absent behind the command line. */
  readonly host?: HostApi;
}

export interface EngineService extends EngineApi {
  dispose(): Promise<void>;
}

/** What the engine can do, wherever it runs: in its own process behind rpc.ts, or within the command line. */
export function createEngineService({ log, host, ...options }: EngineServiceOptions): EngineService {
  const models = createModels(options);
  const tokenizers = new Tokenizers();
  const datasets = new KeptDatasets();
  const loaded = new LoadedModels(tokenizers, options);
  const attempt = attempts(log);
  const withModel = workingWith(models, loaded);
  const scoring = scoringMethods(withModel, attempt, log);

  return {
    tokenize: ({ model, text }) =>
      attempt(async () => (await tokenizers.of((await models.resolve(model)).folder)).encode(text)),

    load: (choice, call = {}) =>
      attempt(() =>
        withModel(choice, call, async ({ model, warnings }, entry) => ({ entry, device: model.device, warnings })),
      ),

    score: scoring.score,
    next: scoring.next,
    ...writingMethods(withModel, { models, tokenizers }, attempt),
    ...modelMethods(models, attempt, options),
    ...datasetMethods({ datasets, models, tokenizers }, attempt),
    ...exportMethods(models, attempt, options),
    ...classifierMethods(withModel, attempt),
    ...evaluationMethods(withModel, { datasets, models, tokenizers }, attempt, host),

    dispose: async () => {
      scoring.dispose();
      datasets.dispose();
      await loaded.dispose();
    },
  };
}
