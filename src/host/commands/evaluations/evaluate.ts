import { join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { DatasetRequest, OpenedDataset } from '../../../protocol/dataset.ts';
import { type Beginning, firstEvaluation, tasksFor } from '../../../protocol/evaluation/first.ts';
import { evaluationWithPaths } from '../../../protocol/evaluation/paths.ts';
import type { EvaluationRequest, TaskName } from '../../../protocol/evaluation/request.ts';
import { TASK_WORDS } from '../../../protocol/evaluation/words.ts';
import type { Reason } from '../../../protocol/result.ts';
import { RUN_FILES } from '../../../protocol/run/folder.ts';
import { withPaths } from '../../../protocol/run/paths.ts';
import { startEvaluation } from '../../evaluations/startEvaluation.ts';
import type { Lab } from '../../lab.ts';
import { pickOne, pickSeveral } from '../../pick.ts';
import { withProgress } from '../../progress.ts';
import type { Run } from '../../runs/runList.ts';
import { showReason } from '../../showReason.ts';
import { chosenDataset, chosenWithSettings, type GivenDataset, readDataset } from '../openDataset.ts';
import { type ModelRow, modelItem } from '../pickModel.ts';
import { pickRun, type RunRow } from '../runs/pickRun.ts';
import { type EvaluationRow, pickEvaluation } from './pickEvaluation.ts';

/** What an evaluation is begun with, where that is known. */
interface Given {
  readonly models?: readonly string[];
  readonly classifies?: boolean;
  readonly part?: EvaluationRequest['part'];
  readonly task?: TaskName;
}

/**
 * From a dataset file to figures, in three steps at most: what to ask, of which model, and whether to start or to see
 * everything first. What was set in the file's Dataset panel, where it is open, goes with it.
 */
export async function evaluate(lab: Lab, given?: GivenDataset): Promise<void> {
  const chosen = await chosenWithSettings(lab, 'Evaluate', given);
  if (!chosen) return;
  const { file, given: set = chosen.open?.request } = chosen;
  const dataset = set?.dataset ?? { file };
  await begin(lab, dataset, {});
}

/** A run's model on the rows that it did not learn from; or a model of the list on a dataset that is picked. */
export async function evaluateModel(lab: Lab, row?: RunRow | ModelRow): Promise<void> {
  if (row && 'entry' in row) {
    const file = await chosenDataset('Evaluate Model');
    const { id, labels } = row.entry;
    if (file !== undefined) await begin(lab, { file }, { models: [id], classifies: labels !== undefined });
    return;
  }
  const run = await pickRun(lab, row, 'Evaluate Model of Run', ({ hasModel }) => hasModel);
  const request = run && absolute(run);
  if (!run || !request) return;
  const models = [join(run.folder, RUN_FILES.model)];
  await begin(lab, request.dataset, { models, classifies: request.method === 'classification', part: 'test' });
}

/** What a run's model answers beside what the model that it started from does. */
export async function compareWithStart(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Compare with Its Starting Model', ({ hasModel }) => hasModel);
  const request = run && absolute(run);
  if (!run || !request) return;
  if (request.method === 'classification' || request.method === 'reward') return showReason(noResponses(run));
  const models = [request.model, join(run.folder, RUN_FILES.model)];
  await begin(lab, request.dataset, { models, part: 'test', task: 'compare' });
}

const noResponses = ({ title, request }: Run): Reason => ({
  code: 'run-without-responses',
  message: `The model of “${title}” is trained by ${request?.method}: it writes no responses that could be compared.`,
  remedy: 'Evaluate the model instead.',
});

/** Opens the form over what an evaluation was asked. */
export async function evaluateAgain(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Evaluate Again', ({ request }) => request !== null);
  if (!evaluation?.request) return;
  await (await lab.panels.evaluate()).show(
    evaluationWithPaths(evaluation.request, path => resolve(evaluation.folder, path)),
  );
}

const absolute = ({ folder, request }: Run) => request && withPaths(request, path => resolve(folder, path));

async function begin(lab: Lab, dataset: EvaluationRequest['dataset'], given: Given): Promise<void> {
  const data = { model: lab.models.activeId, dataset };
  const opened = await readDataset(lab, data);
  if (!opened) return;
  const listed = await lab.models.list();
  if (!listed.ok) return showReason(listed.error);
  const { models = [lab.models.activeId], part = null } = given;
  const classifies = given.classifies ?? lab.models.active?.labels !== undefined;
  const known = { opened, models, classifies };
  const task = given.task ?? (await pickTask(known));
  const chosen = task && (given.models ?? (await pickModels(lab, task)));
  if (!task || !chosen) return;
  const labels = task === 'prompt' ? await labelsOf(lab, data) : [];
  if (!labels) return;
  const request = firstEvaluation(task, { ...known, dataset, labels, models: chosen, part });
  const next = await pickNext(request);
  if (next === 'form') await (await lab.panels.evaluate()).show(request);
  if (next !== 'start') return;
  const started = await startEvaluation(lab, request, '/');
  if (!started.ok) await showReason(started.error);
}

async function labelsOf(lab: Lab, data: DatasetRequest): Promise<string[] | undefined> {
  const described = await withProgress('Counting labels', call =>
    lab.engine.describeDataset({ ...data, method: 'classification' }, call),
  );
  if (described.ok) return (described.value.classes ?? []).map(({ label }) => label).sort();
  await showReason(described.error);
  return undefined;
}

async function pickTask(
  known: Pick<Beginning, 'opened' | 'models' | 'classifies'> & { readonly opened: OpenedDataset },
) {
  const items = tasksFor(known).map((task, i) => ({
    task,
    label: `$(${i === 0 ? 'check' : 'blank'}) ${TASK_WORDS[task].title}`,
    description: i === 0 ? 'suits the columns' : task,
    detail: TASK_WORDS[task].meaning,
  }));
  const title = `Evaluate on ${vscode.workspace.asRelativePath(known.opened.file)} (1 of 3)`;
  const placeHolder = `What should be found out? ${known.opened.rows.toLocaleString('en')} rows`;
  return (await pickOne(items, { title, placeHolder, matchOnDescription: true }))?.task;
}

/** The models that the task is about; a judge is another one, which the form names. */
async function pickModels(lab: Lab, task: TaskName): Promise<readonly string[] | undefined> {
  if (task === 'judge') return [];
  const usable = (lab.models.entries ?? []).filter(
    ({ problem, labels }) => !problem && (task !== 'classifier' || labels),
  );
  const items = usable.sort((a, b) => Number(b.active) - Number(a.active)).map(modelItem);
  const title = 'Evaluate (2 of 3)';
  if (task !== 'compare') {
    const placeHolder = task === 'classifier' ? 'Which classifier?' : 'Which model?';
    const one = await pickOne(items, { title, placeHolder, matchOnDescription: true });
    return one && [one.entry.id];
  }
  const placeHolder = 'Which models? Two or more; the form can name others';
  const several = await pickSeveral(items, { title, placeHolder });
  return several?.map(({ entry }) => entry.id);
}

/** A judge and a comparison of one model are asked for more than can be guessed. */
async function pickNext({ task, models = [], rows }: EvaluationRequest): Promise<'start' | 'form' | undefined> {
  if (task === 'judge' || (task === 'compare' && models.length < 2)) return 'form';
  const items = [
    {
      next: 'start' as const,
      label: '$(play) Start with the Defaults',
      detail: `${rows === null ? 'All rows' : `The first ${rows?.toLocaleString('en')} rows`}; it can be stopped and resumed at any time`,
    },
    {
      next: 'form' as const,
      label: '$(settings) Open the Form',
      detail: 'Everything that can be set, with a row as the model is given it',
    },
  ];
  const title = `${TASK_WORDS[task].title} (3 of 3)`;
  return (await pickOne(items, { title, placeHolder: 'Start now?' }))?.next;
}
