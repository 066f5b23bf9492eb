import path from 'node:path';
import * as vscode from 'vscode';
import { mainFile, sourceProblem } from '../datasets/source.ts';
import type { Lab } from '../lab.ts';
import { withProgress } from '../progress.ts';
import { settings } from '../settings.ts';
import { showReason } from '../showReason.ts';
import { huggingFaceToken } from './huggingFaceToken.ts';

/** Brings a dataset into the workspace folder, and opens its file and its panel. */
export async function getDataset(lab: Lab, given?: string): Promise<void> {
  const source = typeof given === 'string' ? given : await askForSource();
  if (source === undefined) return;
  const folder = await targetFolder();
  if (!folder) return;
  const token = await huggingFaceToken(lab);
  const { endpoint } = settings().huggingFace;
  const request = { source, folder: folder.fsPath, ...(token && { token }), ...(endpoint && { endpoint }) };
  const got = await withProgress(source, call => lab.engine.getDataset(request, call));
  if (!got.ok) return showReason(got.error, { title: 'Try Again', run: () => getDataset(lab, source) });
  const file = mainFile(got.value.files);
  if (file === undefined) return;
  const uri = vscode.Uri.file(path.resolve(folder.fsPath, file));
  if (!/\.(parquet|gz)$/i.test(file)) await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  (await lab.panels.datasets()).show(uri.fsPath);
}

async function askForSource(): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: 'Get Dataset',
    prompt: 'An address of a file (it may be .gz or .zip), or owner/name[@revision][:path] of a dataset on the hub.',
    placeHolder: 'stanfordnlp/sst2 · https://…/sms-spam.zip',
    ignoreFocusOut: true,
    validateInput: value => (value === '' ? undefined : sourceProblem(value)),
  });
  return typed?.trim() || undefined;
}

/** The workspace folder, the one of several that is picked; without one, a folder that is asked for. */
async function targetFolder(): Promise<vscode.Uri | undefined> {
  const { workspaceFolders } = vscode.workspace;
  if (workspaceFolders?.length === 1) return workspaceFolders[0]?.uri;
  if (workspaceFolders?.length) return (await vscode.window.showWorkspaceFolderPick())?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Where to Put the Dataset',
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Put It Here',
  });
  return chosen?.[0];
}
