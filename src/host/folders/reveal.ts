import * as vscode from 'vscode';

/** Shows a file or folder in the system's file manager; in a remote window, its path is what can be given. */
export async function reveal(path: string): Promise<void> {
  if (!vscode.env.remoteName) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
    return;
  }
  await vscode.env.clipboard.writeText(path);
  vscode.window.setStatusBarMessage(`$(check) Copied ${path}`, 5000);
}
