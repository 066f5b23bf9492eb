import * as vscode from 'vscode';

/** Asks where to, beginning in the workspace, and writes the file there. */
export async function saveExport(
  name: string,
  format: 'csv' | 'json' | 'png' | 'svg' | 'pdf',
  content: string | Uint8Array,
): Promise<void> {
  const near = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    filters: { [format.toUpperCase()]: [format] },
    ...(near && { defaultUri: vscode.Uri.joinPath(near, `${name}.${format}`) }),
  });
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  if (target) await vscode.workspace.fs.writeFile(target, bytes);
}
