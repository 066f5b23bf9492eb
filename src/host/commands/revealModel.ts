import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/** Shows a model's folder in the system's file manager; in a remote window, its path is what can be given. */
export async function revealModel(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Reveal Model Folder');
  if (!entry) return;
  if (!vscode.env.remoteName) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(entry.folder));
    return;
  }
  await vscode.env.clipboard.writeText(entry.folder);
  vscode.window.setStatusBarMessage(`$(check) Copied ${entry.folder}`, 5000);
}
