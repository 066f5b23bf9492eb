import type { Lab } from '../../lab.ts';
import { pickRuns, type RunRow } from './pickRun.ts';

/** Opens the curves of a run; from the palette, those that were shown last or the latest run. */
export async function openCurves(lab: Lab, row?: RunRow): Promise<void> {
  (await lab.panels.trainingCurves()).show(row?.run && [row.run.folder]);
}

/** Draws several runs over each other: those selected in the Runs view, else those that are picked. */
export async function compareRuns(lab: Lab, row?: RunRow, rows?: readonly RunRow[]): Promise<void> {
  const selected = rows && rows.length > 1 ? rows.map(({ run }) => run) : undefined;
  const runs = selected ?? (await pickRuns(lab, 'Runs to Compare'));
  if (!runs || runs.length === 0) return;
  const first = runs.findIndex(({ folder }) => folder === row?.run?.folder);
  const ordered = first > 0 ? [runs[first], ...runs.filter((_, i) => i !== first)] : runs;
  (await lab.panels.trainingCurves()).show(ordered.flatMap(run => (run ? [run.folder] : [])));
}
