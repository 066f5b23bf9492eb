import * as vscode from 'vscode';
import { err, type Reason, type Result } from '../../protocol/result.ts';
import type { Span } from '../scoring/scoredDocument.ts';

/** UTF-16 offsets as a range of a document. */
export const rangeOf = (document: vscode.TextDocument, { start, end }: Span): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

/** The column in which a document is open; undefined where it is in none. */
export function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
  const tab = tabs.find(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
  return tab?.group.viewColumn;
}

/**
 * Selects a place of a document in the editor where it is open. The focus stays where it is: a key that is pressed next
 * is not meant for the text.
 */
export async function reveal(uri: vscode.Uri, span: Span): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri);
  const viewColumn = columnOf(uri) ?? vscode.ViewColumn.One;
  return vscode.window.showTextDocument(document, {
    viewColumn,
    preserveFocus: true,
    selection: rangeOf(document, span),
  });
}

/** Writes a text over a range, as one step of undo. */
export async function replace(document: vscode.TextDocument, span: Span, text: string): Promise<Result<true>> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, span), text);
  if (await vscode.workspace.applyEdit(edit)) return { ok: true, value: true };
  return err('document-read-only', `${document.fileName} can't be changed here.`, 'Copy its text to a file of yours.');
}

export const DOCUMENT_CHANGED: Reason = {
  code: 'document-changed',
  message: 'The text around this token was edited after the model had read it.',
  remedy: 'Score it or hover over it again, then choose the token.',
};
