import type { ViewRow } from '../../data/view.ts';
import { defaultJudgePrompt } from '../../protocol/evaluation/judge.ts';
import type { JudgeTask } from '../../protocol/evaluation/request.ts';
import type { DatasetView } from '../../training/examples/rows.ts';
import { rowTemplate } from '../prompt/template.ts';

/** What a judge is asked about a response to a row. */
export type Question = (row: ViewRow, response: string) => string;

const RESPONSE = 'response';

/** The template sees the response that is judged as `response`, also where a column bears that name. Throws as `rowTemplate`. */
export function judgeQuestion({ prompt }: Pick<JudgeTask, 'prompt'>, { view, ...dataset }: DatasetView): Question {
  const at = view.columns.includes(RESPONSE) ? view.columns.indexOf(RESPONSE) : view.columns.length;
  const names = at === view.columns.length ? [...view.columns, RESPONSE] : view.columns;
  const withResponse = { ...dataset, view: view.withDerived(names, cells => cells) };
  const template = rowTemplate(prompt ?? defaultJudgePrompt(dataset.roles), withResponse, 'judge.prompt');
  return ({ cells }, response) =>
    template(Array.from({ length: names.length }, (_, column) => (column === at ? response : (cells[column] ?? null))));
}
