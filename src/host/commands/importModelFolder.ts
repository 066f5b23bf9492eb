import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';

/** Puts a model folder on the list, where it is, and makes it the active one. */
export async function importModelFolder(lab: Lab, given?: vscode.Uri): Promise<void> {
  const folder = given instanceof vscode.Uri ? given : await pickFolder();
  if (!folder) return;
  const added = await lab.models.importFolder(folder.fsPath);
  if (added.ok) vscode.window.setStatusBarMessage(`$(check) ${added.value.id} is the active model`, 5000);
  else await showReason(added.error, { title: 'Choose Another Folder…', run: () => importModelFolder(lab) });
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = await vscode.window.showOpenDialog({
    title: 'Import Model Folder: config.json, model.safetensors and a tokenizer',
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Import',
  });
  return folders?.[0];
}
