import type { OpenedDataset } from '../dataset.ts';
import { patternProblem } from '../pattern.ts';
import type { Reason } from '../result.ts';
import { completeEvaluation } from './defaults.ts';
import { modelNames } from './modelNames.ts';
import { textColumnOf } from './textColumn.ts';
import type { EvaluationRequest, EvaluationSpec, JudgeTask } from './request.ts';
import { EVALUATION_RULES } from './rules.ts';

/** What a template may name. */
type Columns = Pick<OpenedDataset, 'columns' | 'roles'>;

/** Something in a request that prevents its evaluation, at the path of the field that it is shown at. */
export interface EvaluationProblem {
  readonly path: string;
  readonly reason: Reason;
}

const problem = (path: string, message: string, remedy: string): EvaluationProblem => ({
  path,
  reason: { code: 'evaluation-invalid', message, remedy },
});

/** What is wrong with a request, as far as it and the file's columns tell. What models and rows tell comes when it starts. */
export function evaluationProblems(request: EvaluationRequest, opened: Columns | null): EvaluationProblem[] {
  const spec = completeEvaluation(request);
  return [...modelProblems(spec), ...rowsProblems(spec), ...taskProblems(spec, opened)];
}

function modelProblems(spec: EvaluationSpec): EvaluationProblem[] {
  const { task, models, devices, precisions } = spec;
  if (task === 'judge') return [];
  const named = { devices, precisions };
  for (const [what, values] of Object.entries(named))
    if (values && values.length !== models.length)
      return [
        problem('models', `${values.length} ${what} are named for ${models.length} models.`, 'Name one for each.'),
      ];
  if (models.length === 0) return [problem('models', 'No model is chosen.', 'Choose one.')];
  if (task !== 'compare') return [];
  if (models.length < 2)
    return [problem('models', 'One model alone has nothing to be compared with.', 'Add another one beside it.')];
  const names = modelNames(spec);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined
    ? []
    : [problem('models', `“${twice}” is there twice.`, 'Choose another one, or another precision of it.')];
}

function rowsProblems({ rows }: EvaluationSpec): EvaluationProblem[] {
  if (rows === null || (Number.isInteger(rows) && rows > 0)) return [];
  return [problem('rows', `${JSON.stringify(rows)} is no number of rows.`, 'Give a whole number, or none for all.')];
}

function taskProblems(spec: EvaluationSpec, opened: Columns | null): EvaluationProblem[] {
  switch (spec.task) {
    case 'prompt':
      return promptProblems(spec, opened);
    case 'judge':
      return spec.judge ? judgeProblems(spec.judge, 'judge') : [];
    case 'compare':
      return [
        ...checkProblems(spec),
        ...(spec.compare?.judge ? judgeProblems(spec.compare.judge, 'compare.judge') : []),
      ];
    case 'probe':
      return spec.probe?.columns.length || !opened || textColumnOf(opened.roles) !== undefined
        ? []
        : [
            problem(
              'probe.columns',
              'No column is chosen, and none is known to be the text.',
              'Choose one with texts.',
            ),
          ];
    default:
      return [];
  }
}

function promptProblems({ prompt, dataset }: EvaluationSpec, opened: Columns | null): EvaluationProblem[] {
  const { prompt: template = '', labelWords = {} } = prompt ?? {};
  const problems: EvaluationProblem[] = [];
  if (template.trim() === '')
    problems.push(problem('prompt.prompt', 'The prompt is empty.', 'Write one, with a column in double braces.'));
  const derived = (dataset.steps ?? []).flatMap(step => ('derive' in step ? Object.keys(step.derive) : []));
  const columns = opened && [...opened.columns.map(({ name }) => name), ...derived];
  const roles = Object.keys(opened?.roles ?? {});
  const missing = columns && namesIn(template).find(name => ![...columns, ...roles].includes(name));
  if (missing)
    problems.push(
      problem('prompt.prompt', `The file has no column “${missing}”.`, `It has ${columns.slice(0, 12).join(', ')}.`),
    );
  const words = Object.entries(labelWords);
  if (words.length < 2)
    problems.push(
      problem('prompt.labelWords', 'There are fewer than two labels to tell apart.', 'Give each label its word.'),
    );
  const wordless = words.find(([, given]) => [given].flat().some(word => word === '') || [given].flat().length === 0);
  if (wordless)
    problems.push(
      problem('prompt.labelWords', `Label “${wordless[0]}” has no word.`, 'Write the word that stands for it.'),
    );
  const twice = words
    .flatMap(([, given]) => [given].flat())
    .find((word, i, all) => word !== '' && all.indexOf(word) !== i);
  if (twice !== undefined)
    problems.push(
      problem('prompt.labelWords', `“${twice}” stands for two labels.`, 'Give each label words of its own.'),
    );
  return problems;
}

/** What a template prints by name alone: `{{ name }}` and `{{ name | filter }}`. */
const namesIn = (template: string): string[] =>
  [...template.matchAll(/\{\{-?\s*([A-Za-z_]\w*)\s*(?:\||-?\}\})/g)].flatMap(([, name]) => name ?? []);

function judgeProblems(task: JudgeTask, path: string): EvaluationProblem[] {
  const { judge, columns } = task;
  const problems: EvaluationProblem[] = [];
  if (!judge?.model?.trim())
    problems.push(problem(`${path}.judge.model`, 'The judge’s model has no name.', 'Name it as its server does.'));
  if (judge?.kind === 'openai' && !judge.address)
    problems.push(problem(`${path}.judge.address`, 'The judge’s server has no address.', 'Write where it answers.'));
  if (judge?.address && !/^https?:\/\//.test(judge.address))
    problems.push(
      problem(`${path}.judge.address`, `“${judge.address}” is no address.`, 'Begin it with http:// or https://.'),
    );
  if (path === 'judge' && columns.length === 0)
    problems.push(problem('judge.columns', 'No column is chosen.', 'Choose one with responses.'));
  for (const field of ['concurrency', 'retries', 'timeoutSeconds'] as const) {
    const rule = EVALUATION_RULES[`judge.${field}`];
    if (rule && !rule.allows(task[field]))
      problems.push(
        problem(`${path}.${field}`, `${JSON.stringify(task[field])} can’t be.`, `It must be ${rule.must}.`),
      );
  }
  return problems;
}

function checkProblems({ compare }: EvaluationSpec): EvaluationProblem[] {
  return (compare?.checks ?? []).flatMap((check, i) => {
    const path = `compare.checks.${i}`;
    const [[, text] = ['', '']] = Object.entries(check);
    if (text === '') return [problem(path, 'The check looks for nothing.', 'Write what it looks for, or remove it.')];
    if (!('regex' in check)) return [];
    const wrong = patternProblem(check.regex);
    return wrong === undefined ? [] : [problem(path, `${wrong}.`, 'Mend the regular expression.')];
  });
}
