import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import { isDataset } from './files.ts';

/** How much of a file is looked at. */
const BEGINNING_BYTES = 4096;

/** Keeps the context key `lmLab.isDataset`: whether the file in the active tab is a dataset, by its name or beginning. */
export class DatasetContext extends Disposable {
  #is = false;

  constructor() {
    super();
    this._register(vscode.window.tabGroups.onDidChangeTabs(() => void this.#look()));
    this._register(vscode.window.tabGroups.onDidChangeTabGroups(() => void this.#look()));
    this._register(vscode.window.onDidChangeActiveTextEditor(() => void this.#look()));
    void this.#look();
  }

  async #look(): Promise<void> {
    const file = activeFile();
    const is = file !== undefined && isDataset(file.fsPath, await beginningOf(file));
    if (is === this.#is || file?.toString() !== activeFile()?.toString()) return;
    this.#is = is;
    await vscode.commands.executeCommand('setContext', 'lmLab.isDataset', is);
  }
}

/** The file in the active tab, text or not. */
export function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  const shown = uri ?? vscode.window.activeTextEditor?.document.uri;
  return shown?.scheme === 'file' || shown?.scheme === 'vscode-remote' ? shown : undefined;
}

/** The first characters of a file, as the editor has them or as they are on disk; none where it can't be read. */
export async function beginningOf(file: vscode.Uri): Promise<string> {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (document) return document.getText(new vscode.Range(0, 0, 20, 0)).slice(0, BEGINNING_BYTES);
  const handle = await open(file.fsPath).catch(() => undefined);
  if (!handle) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
