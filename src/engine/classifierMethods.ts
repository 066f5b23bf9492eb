import { classifyTexts } from '../evaluation/classify/classify.ts';
import { type ClassifierHead, readHead } from '../evaluation/classify/head.ts';
import type { ClassifierApi } from '../protocol/classify.ts';
import type { Call, ModelEntry } from '../protocol/engine.ts';
import type { Attempt } from './attempts.ts';
import { fileVersions } from './fileVersions.ts';
import { KeptWork } from './keptWork.ts';
import { MODEL_FILES } from './loadedModels.ts';
import type { WithModel } from './withModel.ts';

/** What is asked of classifiers. The head of the last one is kept, as it is asked for line after line. */
export function classifierMethods(withModel: WithModel, attempt: Attempt): ClassifierApi {
  const heads = new KeptWork<ClassifierHead>(1);
  const headOf = async ({ folder }: ModelEntry, width: number, call: Call): Promise<ClassifierHead> => {
    const key = JSON.stringify([folder, await fileVersions(folder, MODEL_FILES)]);
    return heads.of(key, call, ({ signal }) => readHead(folder, width, { signal }));
  };
  return {
    classify: ({ texts, evolution, ...choice }, call = {}) =>
      attempt(() =>
        withModel(choice, call, async ({ model, tokenizer }, entry) => {
          const head = await headOf(entry, model.config.width, call);
          const { device } = model;
          return {
            device,
            labels: head.labels,
            texts: await classifyTexts(model, tokenizer, head, texts, { evolution, ...call }),
          };
        }),
      ),
  };
}
