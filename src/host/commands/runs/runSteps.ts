import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { RUN_FILES } from '../../../protocol/run/folder.ts';
import { isWorking, mayStart } from '../../../protocol/run/liveness.ts';
import { STATE_WORDS } from '../../../protocol/run/words.ts';
import { reveal } from '../../folders/reveal.ts';
import type { Lab } from '../../lab.ts';
import { showReason } from '../../showReason.ts';
import { pickRun, type RunRow } from './pickRun.ts';

// Commands on a run that are one step.

export async function stopRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Stop Training', ({ state }) => isWorking(state));
  if (!run) return;
  const stopped = await lab.runs.stop(run);
  if (!stopped.ok) await showReason(stopped.error);
}

/** Starts a run, or goes on with one from its last checkpoint. */
export async function startRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Resume Training', ({ state }) => mayStart(state));
  if (!run) return;
  const started = await lab.runs.start(run.folder);
  if (!started.ok) return showReason(started.error);
  (await lab.panels.trainingCurves()).show([run.folder]);
}

export async function revealRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Reveal Run Folder');
  if (run) await reveal(run.folder);
}

export const openRunLog = (lab: Lab, row?: RunRow): Promise<void> => openFile(lab, row, 'Open Log', RUN_FILES.log);

export const openRunRequest = (lab: Lab, row?: RunRow): Promise<void> =>
  openFile(lab, row, 'Open run.json', RUN_FILES.spec);

export const refreshRuns = (lab: Lab): Promise<void> => lab.runs.list.refresh();

async function openFile(lab: Lab, row: RunRow | undefined, title: string, name: string): Promise<void> {
  const run = await pickRun(lab, row, title);
  if (!run) return;
  const file = join(run.folder, name);
  if (!existsSync(file)) {
    const message = `“${run.title}” has no ${name} yet: it is ${STATE_WORDS[run.state]}.`;
    return showReason({ code: 'run-file-missing', message, remedy: 'Start the run first.' });
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  await vscode.window.showTextDocument(document, { preview: true });
}
