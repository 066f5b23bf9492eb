import * as vscode from 'vscode';

/** Asks where to, beginning in the workspace, and writes the file there. */
export async function saveExport(name: string, format: 'csv' | 'json', content: string): Promise<void> {
  const near = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    filters: { [format.toUpperCase()]: [format] },
    ...(near && { defaultUri: vscode.Uri.joinPath(near, `${name}.${format}`) }),
  });
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(content));
}
