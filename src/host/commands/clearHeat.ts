import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';

/** Takes the heat off the active document. The panel keeps its figures. */
export function clearHeat(lab: Lab): void {
  const document = vscode.window.activeTextEditor?.document;
  if (document) lab.scores.hide(document);
}
