import { promptPreview } from '../evaluation/prompt/preview.ts';
import { choicesOf, type EvaluationTools } from '../evaluation/run/evaluate.ts';
import { evaluateInMemory, runEvaluation } from '../evaluation/run/runEvaluation.ts';
import type { HeldModel } from '../evaluation/task.ts';
import type { HostApi } from '../protocol/evaluation/host.ts';
import type { EvaluationApi } from '../protocol/evaluation/api.ts';
import { completeEvaluation } from '../protocol/evaluation/defaults.ts';
import type { Attempt } from './attempts.ts';
import type { WithModel } from './withModel.ts';
import { withEvaluationRows } from './datasets/evaluationRows.ts';
import { embedMethods } from './embedMethods.ts';
import { ACTIVE_MODEL } from '../protocol/evaluation/modelNames.ts';
import type { DatasetSetting } from './datasets/setting.ts';

/** What is asked about evaluations. */
export function evaluationMethods(
  withModel: WithModel,
  setting: DatasetSetting,
  attempt: Attempt,
  host?: HostApi,
): EvaluationApi {
  const tools: EvaluationTools = {
    judges: { environment: process.env, host },
    activeModel: async () => (await setting.models.resolve(ACTIVE_MODEL)).id,
    withRows: (spec, call, work) => withEvaluationRows(setting, spec, call, work),
    withModels(choices, call, work) {
      const holding = (left: typeof choices, held: readonly HeldModel[]): ReturnType<typeof work> => {
        const [choice, ...rest] = left;
        if (choice === undefined) return work(held);
        const { name, ...which } = choice;
        return withModel(which, call, ({ model, tokenizer }, entry) =>
          holding(rest, [...held, { name, entry, model, tokenizer }]),
        );
      };
      return holding(choices, []);
    },
  };
  return {
    evaluate: ({ folder }, call = {}) => attempt(() => runEvaluation(folder, tools, call)),
    previewPrompt: ({ request, row }, call = {}) =>
      attempt(() => {
        const spec = completeEvaluation(request);
        return tools.withRows(spec, call, rows =>
          tools.withModels(choicesOf(spec.models.slice(0, 1), spec), call, models =>
            promptPreview({ spec, rows, models, ...call }, row),
          ),
        );
      }),
    evaluateRows: (request, call = {}) => attempt(() => evaluateInMemory(request, tools, call)),
    ...embedMethods(withModel, setting, attempt),
  };
}
