import { join } from 'node:path';
import * as vscode from 'vscode';
import { RUNS_FOLDER } from '../../protocol/run/create.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import { listed } from '../../protocol/run/reading.ts';

const OPENED = 'lmLab.openedRuns';

/** Folders in which runs are made: one a workspace folder, and the extension's own for where none is open. */
export function runsFolders(extension: vscode.ExtensionContext): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return [...folders.map(({ uri }) => join(uri.fsPath, RUNS_FOLDER)), ownRunsFolder(extension)];
}

/** Where a run on this dataset goes. */
export function runsFolderFor(extension: vscode.ExtensionContext, dataset: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(dataset);
  return folder?.uri.scheme === 'file' ? join(folder.uri.fsPath, RUNS_FOLDER) : ownRunsFolder(extension);
}

const ownRunsFolder = ({ globalStorageUri }: vscode.ExtensionContext): string => join(globalStorageUri.fsPath, 'runs');

/** Run folders that were opened from elsewhere in this workspace. */
export const openedFolders = ({ workspaceState }: vscode.ExtensionContext): readonly string[] =>
  workspaceState.get<readonly string[]>(OPENED, []);

export async function setOpened(
  { workspaceState }: vscode.ExtensionContext,
  folders: readonly string[],
): Promise<void> {
  await workspaceState.update(OPENED, folders);
}

/** The run folders of a folder: itself where it holds a run.json, else those of its folders that do. */
export async function runsIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  if (names.includes(RUN_FILES.spec)) return [folder];
  const folders = names.map(name => join(folder, name));
  const inside = await Promise.all(folders.map(async one => (await namesIn(one)).includes(RUN_FILES.spec)));
  return folders.filter((_, i) => inside[i]);
}

/** What may not be read holds no run that could be shown; the others around it do. */
const namesIn = (folder: string): Promise<string[]> => listed(folder).catch(() => []);
