import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';
import { NO_EDITOR } from './selection.ts';

/** Lets the active model write on at the cursor, until it has written enough or Escape is pressed. */
export async function continueHere(lab: Lab): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return showReason(NO_EDITOR);
  const continued = await lab.continuation.run(editor);
  if (!continued.ok) await showReason(continued.error);
}

export const stopContinuing = (lab: Lab): void => lab.continuation.stop();
