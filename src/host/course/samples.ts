import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';

/**
 * A sample file to work on: the workspace's own where it is the folder of samples, else a copy in the extension's storage,
 * so that what ships with the extension stays as it is. The copy is made once for each version.
 */
export async function sampleFile({ extension }: Lab, name: string): Promise<vscode.Uri> {
  const shipped = vscode.Uri.joinPath(extension.extensionUri, 'samples');
  const opened = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri).find(isSamples);
  if (opened) return vscode.Uri.joinPath(opened, name);
  const { version } = extension.extension.packageJSON as { version: string };
  const copy = vscode.Uri.joinPath(extension.globalStorageUri, `samples-${version}`);
  if (!isSamples(copy)) await vscode.workspace.fs.copy(shipped, copy, { overwrite: true });
  return vscode.Uri.joinPath(copy, name);
}

/** The last file to be copied, by name, tells a whole copy from one that was cut off. */
const isSamples = (folder: vscode.Uri): boolean =>
  folder.scheme === 'file' && existsSync(vscode.Uri.joinPath(folder, 'talk.json').fsPath);
