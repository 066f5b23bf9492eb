import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { tidied } from '../../protocol/run/edit.ts';
import { relativeWithin, withPaths } from '../../protocol/run/paths.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';

/** A request as the text of a run.json in `folder`: what differs from the defaults; paths of the same workspace folder are relative. */
export function writtenRequest(request: RunRequest, folder: string): string {
  const home = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))?.uri.fsPath ?? folder;
  const moved = withPaths(tidied(request), path => relativeWithin(path, home, folder));
  return `${JSON.stringify(moved, null, 2)}\n`;
}

/** Asks where to, beginning beside the dataset, and writes it there. Returns the file. */
export async function saveRequest(request: RunRequest): Promise<vscode.Uri | undefined> {
  const target = await vscode.window.showSaveDialog({
    title: 'Save as run.json',
    filters: { 'Request to fine-tune': ['run.json'] },
    defaultUri: vscode.Uri.file(`${request.dataset.file.replace(/\.[^./\\]+$/, '')}.run.json`),
  });
  if (!target) return undefined;
  const text = writtenRequest(request, dirname(target.fsPath));
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  return target;
}

/** Opens it as a file that is not saved yet, beside the dataset: completed and validated as one types. */
export async function openRequest(request: RunRequest): Promise<void> {
  const file = vscode.Uri.file(`${request.dataset.file.replace(/\.[^./\\]+$/, '')}.run.json`).with({
    scheme: 'untitled',
  });
  const document = await vscode.workspace.openTextDocument(file);
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(file, all, writtenRequest(request, dirname(request.dataset.file)));
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
}
