import * as vscode from 'vscode';
import { CANCELLED } from '../../protocol/result.ts';
import type { Lab } from '../lab.ts';
import { textEditor } from '../editor/textEditor.ts';
import { showReason } from '../showReason.ts';
import { NO_EDITOR } from './selection.ts';

/** Scores all of the active document as one text. The panel tells how far it is, and can cancel it. */
export async function scoreFile(lab: Lab): Promise<void> {
  const document = textEditor()?.document;
  if (!document) return showReason(NO_EDITOR);
  const end = document.getText().length;
  if (document.getText().trim() === '') {
    return showReason({
      code: 'selection-blank',
      message: `${vscode.workspace.asRelativePath(document.uri)} has no text to score.`,
      remedy: 'Write or paste some first.',
    });
  }
  const panel = await lab.panels.tokenProbabilities();
  panel.show();
  const result = await lab.scores.score({ document, spans: [{ start: 0, end }], whole: true });
  if (!result.ok && result.error.code !== CANCELLED && !panel.visible) await showReason(result.error);
}
