import * as vscode from 'vscode';

/**
 * Makes one step of undo of a text that was written in several: a save in between, as auto-save makes it, closes the
 * step that is open. Works on the active editor alone, since `undo` does; elsewhere the steps stay as they are.
 *
 * @param most how many steps there may be
 * @param start offset of the text, and `end` that behind it
 */
export async function joinUndoSteps(
  editor: vscode.TextEditor,
  most: number,
  start: number,
  end: number,
): Promise<void> {
  const { document } = editor;
  if (vscode.window.activeTextEditor !== editor || end === start) return;
  const written = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end)));
  const before = document.getText().length - written.length;
  let undone = 0;
  for (; undone < most && document.getText().length !== before; undone++) await vscode.commands.executeCommand('undo');
  if (document.getText().length === before) {
    await editor.edit(edit => edit.insert(document.positionAt(start), written));
    return;
  }
  for (; undone > 0; undone--) await vscode.commands.executeCommand('redo');
}
