import { classifyTexts } from '../evaluation/classify/classify.ts';
import { type ClassifierHead, readHead } from '../evaluation/classify/head.ts';
import type { ClassifierApi } from '../protocol/classify.ts';
import type { ModelEntry } from '../protocol/engine.ts';
import type { Attempt } from './attempts.ts';
import { fileVersions } from './fileVersions.ts';
import type { WithModel } from './withModel.ts';

/** What is asked of classifiers. The head of the last one is kept, as it is asked for line after line. */
export function classifierMethods(withModel: WithModel, attempt: Attempt): ClassifierApi {
  let kept: { readonly key: string; readonly head: ClassifierHead } | undefined;
  const headOf = async ({ folder }: ModelEntry, width: number): Promise<ClassifierHead> => {
    const key = JSON.stringify([folder, await fileVersions(folder, ['config.json', 'model.safetensors'])]);
    if (kept?.key !== key) kept = { key, head: await readHead(folder, width) };
    return kept.head;
  };
  return {
    classify: ({ texts, evolution, ...choice }, call = {}) =>
      attempt(() =>
        withModel(choice, call, async ({ model, tokenizer }, entry) => {
          const head = await headOf(entry, model.config.width);
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
