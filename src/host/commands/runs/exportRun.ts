import { join } from 'node:path';
import * as vscode from 'vscode';
import { reveal } from '../../folders/reveal.ts';
import type { Lab } from '../../lab.ts';
import { showReason } from '../../showReason.ts';
import { pickRun, type RunRow } from './pickRun.ts';

/** Writes a run as a folder that PyTorch trains elsewhere, on a workstation or a cluster, by one command. */
export async function exportRun(lab: Lab, row?: RunRow): Promise<void> {
  const run = await pickRun(lab, row, 'Export Run');
  if (!run) return;
  const target = await vscode.window.showSaveDialog({
    title: 'Export Run: a new folder, to be copied to where it trains',
    defaultUri: vscode.Uri.file(`${run.folder}-export`),
    saveLabel: 'Export',
  });
  if (!target) return;
  const exported = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Exporting “${run.title}”`, cancellable: true },
    (_, token) => lab.runs.export(run.folder, target.fsPath, listener => token.onCancellationRequested(listener)),
  );
  if (!exported.ok) return showReason(exported.error);
  const [open, show] = ['Open README', 'Reveal Folder'];
  const message = `“${run.title}” trains elsewhere with: sh train.sh (or sbatch train.sbatch).`;
  const chosen = await vscode.window.showInformationMessage(message, open, show);
  if (chosen === show) await reveal(target.fsPath);
  if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(join(target.fsPath, 'README.txt')));
}
