import type {
  CompareTask,
  EvaluationRequest,
  EvaluationSpec,
  GenerateTask,
  JudgeTask,
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

/** The question is Raschka's, "Build a Large Language Model (From Scratch)", chapter 7. */
const JUDGE: Omit<JudgeTask, 'judge'> = {
  prompt:
    'Given the input `{{ instruction }}{{ "\\n" + input if input else "" }}` and correct output `{{ output }}`, score the model response `{{ model_response }}` on a scale from 0 to 100, where 100 is the best score. Respond with the integer number only.',
  columns: ['model_response'],
  temperature: 0,
  seed: SEED,
  concurrency: 2,
  retries: 2,
  timeoutSeconds: 120,
};

const COMPARE: CompareTask = { of: 'responses', generate: GENERATE, rewardModel: null, judge: null, checks: [] };

const PROBE: ProbeTask = { columns: [], by: null, embeddings: null };

/** What a task takes where the request says nothing else. */
export const TASK_DEFAULTS = {
  prompt: PROMPT,
  classifier: {},
  generate: GENERATE,
  judge: JUDGE,
  compare: COMPARE,
  probe: PROBE,
} as const satisfies Readonly<Record<TaskName, object>>;

/** The request with its defaults filled in, and with the section of its own task alone. What it holds is not checked here. */
export function completeEvaluation(request: EvaluationRequest): EvaluationSpec {
  const { task, models = ['active'], dataset, part = null, rows = null, device = 'auto' } = request;
  const given = task === 'classifier' ? undefined : request[task];
  const section = { ...TASK_DEFAULTS[task], ...given };
  const own = task === 'classifier' ? {} : { [task]: section };
  return { task, models: task === 'judge' ? (request.models ?? []) : models, dataset, part, rows, device, ...own };
}
