import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';

/** Copies the samples to a folder of the user's choice and opens it: what ships with the extension stays as it is. */
export async function openSamples(lab: Lab): Promise<void> {
  const parents = await vscode.window.showOpenDialog({
    title: 'Where to Put the Samples',
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Copy lm-lab-samples Here',
  });
  if (!parents?.[0]) return;
  const folder = vscode.Uri.joinPath(parents[0], 'lm-lab-samples');
  if (!(await exists(folder))) {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(lab.extension.extensionUri, 'samples'), folder);
  }
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: false });
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
