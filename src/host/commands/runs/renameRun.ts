import { isWorking } from '../../../protocol/run/liveness.ts';
import { askName } from '../../folders/folderChanges.ts';
import type { Lab } from '../../lab.ts';
import { showReason } from '../../showReason.ts';
import { pickRun, type RunRow } from './pickRun.ts';

/** Renames a run's folder. A model of it that is listed moves along. */
export async function renameRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Rename Run', ({ state }) => !isWorking(state));
  if (!run) return;
  const name = await askName(run);
  if (name === undefined) return;
  const listed = (lab.models.entries ?? []).filter(({ folder }) => isInside(folder, run.folder));
  const renamed = await lab.runs.rename(run, name);
  if (!renamed.ok) return showReason(renamed.error);
  for (const model of listed) {
    const source = renamed.value + model.folder.slice(run.folder.length);
    await lab.models.remove(model, false);
    const added = await lab.engine.addModel({ source, name: model.id, activate: model.active });
    if (!added.ok) await showReason(added.error);
  }
  if (listed.length > 0) await lab.models.refresh();
  (await lab.panels.trainingCurves()).renamed(run.folder, renamed.value);
}

export const isInside = (path: string, folder: string): boolean =>
  path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length));
