import { join } from 'node:path';
import * as vscode from 'vscode';
import { EVALUATION_FILES } from '../../../protocol/evaluation/folder.ts';
import { isWorking, mayStart } from '../../../protocol/run/liveness.ts';
import type { Evaluation } from '../../evaluations/evaluations.ts';
import { askName, deleteAsking } from '../../folders/folderChanges.ts';
import { reveal } from '../../folders/reveal.ts';
import type { Lab } from '../../lab.ts';
import { showReason } from '../../showReason.ts';
import { type EvaluationRow, pickEvaluation } from './pickEvaluation.ts';

// Commands on an evaluation that are one step.

/** Opens an evaluation; from the palette, the one that was shown last or the latest. */
export async function openEvaluation(lab: Lab, row?: EvaluationRow): Promise<void> {
  (await lab.panels.evaluation()).show(row?.evaluation?.folder);
}

export const refreshEvaluations = (lab: Lab): Promise<void> => lab.evaluations.list.refresh();

export async function stopEvaluation(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Stop Evaluation', ({ state }) => isWorking(state));
  if (!evaluation) return;
  const stopped = await lab.evaluations.stop(evaluation);
  if (!stopped.ok) await showReason(stopped.error);
}

/** Starts an evaluation, or goes on with one after its last whole row. */
export async function resumeEvaluation(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Resume Evaluation', ({ state }) => mayStart(state));
  if (!evaluation) return;
  const started = await lab.evaluations.start(evaluation.folder);
  if (!started.ok) return showReason(started.error);
  (await lab.panels.evaluation()).show(evaluation.folder);
}

export async function revealEvaluation(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Reveal Folder of Evaluation');
  if (evaluation) await reveal(evaluation.folder);
}

export async function openEvaluationRequest(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Open evaluation.json');
  if (!evaluation) return;
  await vscode.commands.executeCommand(
    'vscode.open',
    vscode.Uri.file(join(evaluation.folder, EVALUATION_FILES.request)),
  );
}

export async function renameEvaluation(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Rename Evaluation', ({ state }) => !isWorking(state));
  const name = evaluation && (await askName(evaluation));
  if (!evaluation || name === undefined) return;
  const renamed = await lab.evaluations.rename(evaluation, name);
  if (!renamed.ok) return showReason(renamed.error);
  (await lab.panels.evaluation()).renamed(evaluation.folder, renamed.value);
}

/** Moves an evaluation to the trash; where there is none, deletes it after asking. */
export async function deleteEvaluation(lab: Lab, row?: EvaluationRow): Promise<void> {
  const evaluation = await pickEvaluation(lab, row, 'Delete Evaluation', ({ state }) => !isWorking(state));
  if (!evaluation) return;
  const deleted = await deleteAsking(evaluation, 'Its rows, figures and votes', useTrash =>
    lab.evaluations.delete(evaluation, useTrash),
  );
  if (!deleted.ok) await showReason(deleted.error);
}

/** Lays two evaluations beside each other: those selected in the view, else one that is picked for the other. */
export async function compareEvaluations(
  lab: Lab,
  row?: EvaluationRow,
  rows?: readonly EvaluationRow[],
): Promise<void> {
  const selected = rows?.map(({ evaluation }) => evaluation) ?? [];
  const first = await pickEvaluation(lab, row, 'Compare Evaluations (1 of 2)');
  if (!first) return;
  const comparable = ({ folder, request }: Evaluation): boolean =>
    folder !== first.folder && request?.task === first.request?.task;
  const second =
    selected.find(comparable) ?? (await pickEvaluation(lab, undefined, `Compare “${first.title}” with`, comparable));
  if (!second) return;
  const panel = await lab.panels.evaluation();
  panel.show(first.folder);
  panel.compareWith(second.folder);
}
