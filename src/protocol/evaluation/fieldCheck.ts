import { fieldProblems, missingFields } from '../fields/check.ts';
import { isObject } from '../fields/rules.ts';
import { type Found, found, type RunProblem, toldOf } from '../run/problem.ts';
import { settingsProblems } from '../settingsProblems.ts';
import { Reasoned } from '../result.ts';
import type { EvaluationRequest, TaskName } from './request.ts';
import { EVALUATION_RULES } from './rules.ts';

/** What a task can't do without. */
const REQUIRED: Readonly<Record<TaskName, readonly string[]>> = {
  prompt: ['prompt.prompt', 'prompt.labelWords'],
  classifier: [],
  generate: [],
  judge: ['judge.judge'],
  compare: [],
  probe: [],
};

/** Sections that may be null instead. */
const NULLABLE = ['compare.judge'];

/**
 * What is wrong with the fields of a request that may come from anywhere, such as an evaluation.json that was written by
 * hand; empty where it is an `EvaluationRequest`. What a form asks for before it starts one is check.ts's to say.
 */
export function evaluationFieldProblems(request: unknown): RunProblem[] {
  const problems = problemsIn(request);
  if (problems.length > 0) return problems.map(problem => toldOf('evaluation', problem));
  const { generate, compare } = request as EvaluationRequest;
  return [
    ...decodingProblems(generate?.decoding, 'generate'),
    ...decodingProblems(compare?.generate?.decoding, 'compare.generate'),
  ];
}

function problemsIn(request: unknown): Found[] {
  if (!isObject(request)) {
    const remedy = 'Write an object with "task" and "dataset": {"file": "…"}.';
    return [found('evaluation.json', request ?? null, 'It must be a JSON object.', remedy, 'invalid')];
  }
  const wrong = [
    ...missingFields(EVALUATION_RULES, request, ['task', 'dataset.file']),
    ...fieldProblems(EVALUATION_RULES, request, NULLABLE),
  ];
  if (wrong.length > 0) return wrong;
  const { task, compare } = request as unknown as EvaluationRequest;
  const required = compare?.judge ? [...REQUIRED[task], 'compare.judge.judge'] : REQUIRED[task];
  return [...missingFields(EVALUATION_RULES, request, required), ...otherTasks(request, task)];
}

const otherTasks = (request: Readonly<Record<string, unknown>>, task: TaskName): Found[] =>
  Object.keys(REQUIRED)
    .filter(name => name !== task && request[name] !== undefined)
    .map(name =>
      found(name, request[name], `It has no effect here: task is ${JSON.stringify(task)}.`, 'Leave it out.', 'unused'),
    );

function decodingProblems(decoding: object | undefined, section: string): RunProblem[] {
  if (!decoding) return [];
  const options = decoding as Readonly<Record<string, unknown>>;
  const pathOf = (option: string): string => `${section}.decoding.${option}`;
  return settingsProblems(options, pathOf).map(({ option, reason }) => {
    return { path: pathOf(option), value: options[option], reason };
  });
}

/** @throws Reasoned the first of what is wrong with it */
export function requireEvaluation(request: unknown): EvaluationRequest {
  const [problem, ...others] = evaluationFieldProblems(request);
  if (!problem) return request as EvaluationRequest;
  const { code, message, remedy } = problem.reason;
  throw new Reasoned(code, message, others.length > 0 ? `${remedy} (${others.length} more)` : remedy);
}
