import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { textEditor } from '../editor/textEditor.ts';
import { showReason } from '../showReason.ts';
import { scoreInPanel } from './scorePerplexity.ts';
import { NO_EDITOR } from './selection.ts';

/** Scores all of the active document as one text. */
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
  await scoreInPanel(lab, { document, spans: [{ start: 0, end }], whole: true });
}
