import * as vscode from 'vscode';
import { isWorking } from '../../../protocol/run/liveness.ts';
import type { Lab } from '../../lab.ts';
import type { Run } from '../../runs/runList.ts';
import { showReason } from '../../showReason.ts';
import { pickRun, type RunRow } from './pickRun.ts';
import { isInside } from './renameRun.ts';

const [FORGET, TRASH, DELETE] = ['Remove from List', 'Move to Trash', 'Delete Permanently'];

/**
 * Moves a run to the trash; where there is none, deletes it after asking. It asks before as well where the folder was
 * opened from elsewhere, which may be all that is wanted gone, and where its model is in use.
 */
export async function deleteRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Delete Run', ({ state }) => !isWorking(state));
  if (!run) return;
  const models = (lab.models.entries ?? []).filter(({ folder }) => isInside(folder, run.folder));
  if (run.opened || models.length > 0) {
    const used = models.length > 0 && `Its model “${models[0]?.id}” goes from the models list with it.`;
    const detail = [run.folder, used].filter(Boolean).join('\n');
    const chosen = await ask(`Delete the run “${run.title}”?`, detail, run.opened ? [FORGET, TRASH] : [TRASH]);
    if (chosen === FORGET) return lab.runs.forget(run.folder);
    if (chosen === undefined) return;
  }
  if (!(await deleted(lab, run))) return;
  for (const model of models) await lab.models.remove(model, false);
}

async function deleted(lab: Lab, run: Run): Promise<boolean> {
  const trashed = await lab.runs.delete(run, true);
  if (trashed.ok) return true;
  if (trashed.error.code === 'run-not-deleted') {
    const detail = `There is no trash for ${run.folder}. Its curves, checkpoints and model can't be brought back.`;
    if ((await ask(`Delete the run “${run.title}” for good?`, detail, [DELETE])) !== DELETE) return false;
  }
  const gone = await lab.runs.delete(run, false);
  if (!gone.ok) await showReason(gone.error);
  return gone.ok;
}

const ask = (message: string, detail: string, choices: readonly (string | undefined)[]): Thenable<string | undefined> =>
  vscode.window.showWarningMessage(message, { modal: true, detail }, ...choices.filter(choice => choice !== undefined));
