import * as vscode from 'vscode';

/**
 * Makes one step of undo of a text that was written in several: a save in between, as auto-save makes it, closes the
 * step that is open. Works on the active editor alone, since `undo` does; elsewhere the steps stay as they are.
 */
export async function joinUndoSteps(
  editor: vscode.TextEditor,
  steps: number,
  start: number,
  end: number,
): Promise<void> {
  if (steps < 2 || vscode.window.activeTextEditor !== editor) return;
  const { document } = editor;
  const written = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end)));
  const lengthBefore = document.getText().length - written.length;
  for (let step = 0; step < steps; step++) await vscode.commands.executeCommand('undo');
  if (document.getText().length !== lengthBefore) {
    for (let step = 0; step < steps; step++) await vscode.commands.executeCommand('redo');
    return;
  }
  await editor.edit(edit => edit.insert(document.positionAt(start), written));
}
