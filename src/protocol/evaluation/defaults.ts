import { JUDGE_DEFAULTS } from './judge.ts';
import { ACTIVE_MODEL } from './modelNames.ts';
import type {
  CompareTask,
  EvaluationRequest,
  EvaluationSpec,
  GenerateTask,
  ProbeTask,
  PromptTask,
  TaskName,
} from './request.ts';

const SEED = 123;

const PROMPT: Omit<PromptTask, 'prompt' | 'labelWords'> = {
  score: 'label',
  apart: false,
  normalize: 'sum',
  shots: 0,
  seed: SEED,
};

const GENERATE: GenerateTask = { template: null, decoding: { decoding: 'greedy', maxNewTokens: 256 } };

const COMPARE: CompareTask = { of: 'responses', generate: GENERATE, rewardModel: null, judge: null, checks: [] };

const PROBE: ProbeTask = { columns: [], by: null, embeddings: null };

/** What a task takes where the request says nothing else. */
const TASK_DEFAULTS = {
  prompt: PROMPT,
  classifier: {},
  generate: GENERATE,
  judge: JUDGE_DEFAULTS,
  compare: COMPARE,
  probe: PROBE,
} as const satisfies Readonly<Record<TaskName, object>>;

/** The request with its defaults filled in, and with the section of its own task alone. What it holds is not checked here. */
export function completeEvaluation(request: EvaluationRequest): EvaluationSpec {
  const { task, models = [ACTIVE_MODEL], dataset, part = null, rows = null, device = 'auto' } = request;
  const { devices, precision, precisions } = request;
  const given = task === 'classifier' ? undefined : request[task];
  const judge = task === 'compare' && request.compare?.judge;
  const section = { ...TASK_DEFAULTS[task], ...given, ...(judge && { judge: { ...JUDGE_DEFAULTS, ...judge } }) };
  const own = task === 'classifier' ? {} : { [task]: section };
  return {
    task,
    models: task === 'judge' ? (request.models ?? []) : models,
    dataset,
    part,
    rows,
    device,
    ...(devices && { devices }),
    ...(precision && { precision }),
    ...(precisions && { precisions }),
    ...own,
  };
}
