import { isWorking } from '../../../protocol/run/liveness.ts';
import { askModally, deleteAsking } from '../../folders/folderChanges.ts';
import type { Lab } from '../../lab.ts';
import { showReason } from '../../showReason.ts';
import { pickRun, type RunRow } from './pickRun.ts';
import { isInside } from './renameRun.ts';

const FORGET = 'Remove from List';
const TRASH = 'Move to Trash';

/**
 * Moves a run to the trash; where there is none, deletes it after asking. It asks before as well where nobody pointed
 * at the run, as from the palette, which takes the only one there is; where the folder was opened from elsewhere, which may
 * be all that is wanted gone; and where its model is in use.
 */
export async function deleteRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Delete Run', ({ state }) => !isWorking(state));
  if (!run) return;
  const models = (lab.models.entries ?? []).filter(({ folder }) => isInside(folder, run.folder));
  if (!row?.run || run.opened || models.length > 0) {
    const used = models.length > 0 && `Its model “${models[0]?.id}” goes from the models list with it.`;
    const detail = [run.folder, used].filter(Boolean).join('\n');
    const chosen = await askModally(`Delete the run “${run.title}”?`, detail, run.opened ? [FORGET, TRASH] : [TRASH]);
    if (chosen === FORGET) return lab.runs.forget(run.folder);
    if (chosen === undefined) return;
  }
  const deleted = await deleteAsking(run, 'Its curves, checkpoints and model', useTrash =>
    lab.runs.delete(run, useTrash),
  );
  if (!deleted.ok) return showReason(deleted.error);
  if (!deleted.value) return;
  for (const model of models) await lab.models.remove(model, false);
}
