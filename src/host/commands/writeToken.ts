import * as vscode from 'vscode';
import type { WriteToken } from '../editor/hoverText.ts';
import { DOCUMENT_CHANGED, replace } from '../editor/places.ts';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';

/** Writes the token that was clicked in a hover, as one step of undo. The hover closes: it told of the text before. */
export async function writeToken(_lab: Lab, { uri, version, start, end, text }: WriteToken): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  if (document.version !== version) return showReason(DOCUMENT_CHANGED);
  const written = await replace(document, { start, end }, text);
  if (!written.ok) return showReason(written.error);
  await vscode.commands.executeCommand('editor.action.hideHover');
}
