import type * as vscode from 'vscode';

const OPENED = 'lmLab.openedRuns';

/** Run folders that were opened from elsewhere in this workspace. */
export const openedFolders = ({ workspaceState }: vscode.ExtensionContext): readonly string[] =>
  workspaceState.get<readonly string[]>(OPENED, []);

export async function setOpened(
  { workspaceState }: vscode.ExtensionContext,
  folders: readonly string[],
): Promise<void> {
  await workspaceState.update(OPENED, folders);
}
