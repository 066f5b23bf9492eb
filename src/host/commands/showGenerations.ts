import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';

export const showGenerations = async (lab: Lab): Promise<void> => (await lab.panels.generations()).show();

/** Opens the panel with the selection as its prompt, else the text from the line's start to the cursor. */
export async function generateFromSelection(lab: Lab): Promise<void> {
  const panel = await lab.panels.generations();
  const editor = vscode.window.activeTextEditor;
  if (!editor) return panel.show();
  const { document, selection } = editor;
  const before = new vscode.Range(selection.active.with({ character: 0 }), selection.active);
  await panel.show(document.getText(selection.isEmpty ? before : selection));
}
