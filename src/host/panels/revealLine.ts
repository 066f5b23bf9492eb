import * as vscode from 'vscode';
import { columnOf } from '../editor/places.ts';

/** Where a file is open, but never over the panel in `own`; else in another column. */
export function besidePanel(uri: vscode.Uri, own: vscode.ViewColumn | undefined): vscode.TextDocumentShowOptions {
  const open = columnOf(uri);
  const other = own === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One;
  return { viewColumn: open !== undefined && open !== own ? open : other, preserveFocus: true };
}

/**
 * Selects a line (from 1) of a file beside a panel; `open`: in an editor that is opened where there is none. By the
 * editor's own command, which also shows files that are too large to be handed to an extension.
 */
export async function revealLine(
  uri: vscode.Uri,
  line: number,
  open: boolean,
  own: vscode.ViewColumn | undefined,
): Promise<void> {
  const selection = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  if (!open && columnOf(uri) === undefined) return;
  await vscode.commands.executeCommand('vscode.open', uri, { ...besidePanel(uri, own), selection });
}
