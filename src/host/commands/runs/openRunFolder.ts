import * as vscode from 'vscode';
import type { Lab } from '../../lab.ts';
import { showReason } from '../../showReason.ts';

/** Shows runs of a folder from elsewhere, such as one that a cluster writes to. */
export async function openRunFolder(lab: Lab, given?: vscode.Uri): Promise<void> {
  const folder = given instanceof vscode.Uri ? given : await chosenFolder();
  if (!folder) return;
  const opened = await lab.runs.open(folder.fsPath);
  if (opened.ok) (await lab.panels.trainingCurves()).show(opened.value.slice(0, 1));
  else await showReason(opened.error, { title: 'Choose Another Folder…', run: () => openRunFolder(lab) });
}

async function chosenFolder(): Promise<vscode.Uri | undefined> {
  const folders = await vscode.window.showOpenDialog({
    title: 'Open Run Folder: one that holds run.json, or a folder of such folders',
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Open Run',
  });
  return folders?.[0];
}
