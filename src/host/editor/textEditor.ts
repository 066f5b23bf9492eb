import * as vscode from 'vscode';

/** The text editor in sight that is meant when a panel has the focus; an output channel looks like one and is none. */
export const visibleEditor = (): vscode.TextEditor | undefined =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme !== 'output');

/** The active text editor; while a panel has the focus, the one that is in sight beside it. */
export const textEditor = (): vscode.TextEditor | undefined => vscode.window.activeTextEditor ?? visibleEditor();
