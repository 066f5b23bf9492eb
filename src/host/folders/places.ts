import { join } from 'node:path';
import * as vscode from 'vscode';
import { EVALUATIONS_FOLDER } from '../../protocol/evaluation/create.ts';
import { RUNS_FOLDER } from '../../protocol/run/create.ts';
import { listed } from '../../protocol/run/reading.ts';

/** What is kept in folders of its own, and where a workspace folder has them. */
const PLACES = { runs: RUNS_FOLDER, evaluations: EVALUATIONS_FOLDER } as const;

export type FolderSort = keyof typeof PLACES;

/** Folders in which folders of a sort are made: one a workspace folder, and the extension's own for where none is open. */
export function placesOf(extension: vscode.ExtensionContext, sort: FolderSort): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return [...folders.map(({ uri }) => within(uri, sort)), ownPlace(extension, sort)];
}

/** Where one that is about this dataset goes. */
export function placeFor(extension: vscode.ExtensionContext, sort: FolderSort, dataset: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(dataset);
  return folder?.uri.scheme === 'file' ? within(folder.uri, sort) : ownPlace(extension, sort);
}

const within = ({ fsPath }: vscode.Uri, sort: FolderSort): string => join(fsPath, PLACES[sort]);

const ownPlace = ({ globalStorageUri }: vscode.ExtensionContext, sort: FolderSort): string =>
  join(globalStorageUri.fsPath, sort);

/** The folders that hold the file: the folder itself, else those of its folders that do. */
export async function foldersWith(file: string, folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  if (names.includes(file)) return [folder];
  const folders = names.map(name => join(folder, name));
  const inside = await Promise.all(folders.map(async one => (await namesIn(one)).includes(file)));
  return folders.filter((_, i) => inside[i]);
}

/** What may not be read holds nothing that could be shown; the others around it do. */
const namesIn = (folder: string): Promise<string[]> => listed(folder).catch(() => []);
