import { join } from 'node:path';
import * as vscode from 'vscode';
import { err, type Result } from '../../../protocol/result.ts';
import { RUN_FILES } from '../../../protocol/run/folder.ts';
import type { Lab } from '../../lab.ts';
import { pickOne } from '../../pick.ts';
import type { Run } from '../../runs/runList.ts';
import { showReason } from '../../showReason.ts';
import { pickRun, type RunRow } from './pickRun.ts';

/** Puts a run's model on the models list and makes it the active one: scoring, hover and generation take it. */
export async function useRunModel(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Use Model of Run', ({ hasModel, hasBest }) => hasModel || hasBest);
  if (!run) return;
  const folder = await modelFolder(run);
  if (!folder.ok) return showReason(folder.error);
  if (folder.value === undefined) return;
  const added = await lab.models.importFolder(join(run.folder, folder.value), run.title);
  if (added.ok) vscode.window.setStatusBarMessage(`$(check) ${added.value.id} is the active model`, 5000);
  else await showReason(added.error);
}

/** The run's model; where it also kept its best one, that which is chosen. */
async function modelFolder({ title, hasModel, hasBest, result, request }: Run): Promise<Result<string | undefined>> {
  if (!hasModel && !hasBest)
    return err(
      'run-without-model',
      `“${title}” has no model yet.`,
      'It is written when the run finishes or is stopped.',
    );
  if (!hasBest || !hasModel) return { ok: true, value: hasModel ? RUN_FILES.model : RUN_FILES.best };
  const metric = request?.training?.keepBest ?? 'the evaluation';
  const chosen = await pickOne(
    [
      {
        label: 'Best model',
        description: `by ${metric}${result?.bestStep === undefined ? '' : `, after step ${result.bestStep}`}`,
        folder: RUN_FILES.best,
      },
      { label: 'Last model', description: 'as training ended', folder: RUN_FILES.model },
    ],
    { title: `Which Model of “${title}”?` },
  );
  return { ok: true, value: chosen?.folder };
}
