import * as vscode from 'vscode';

/** The active text editor; while a panel has the focus, the one that is in sight beside it. */
export const textEditor = (): vscode.TextEditor | undefined =>
  vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
