import type * as vscode from 'vscode';
import type { Reason } from '../../protocol/result.ts';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';
import { type ChosenLine, chosenTexts, NO_EDITOR } from './selection.ts';

/** Scores the selections, else the line of the cursor; several lines are compared. */
export async function scorePerplexity(lab: Lab, where?: ChosenLine | vscode.Uri): Promise<void> {
  const chosen = await chosenTexts(where);
  if (!chosen) return showReason(NO_EDITOR);
  const { document, ranges, spans } = chosen;
  if (spans.length === 0) return showReason(blankAt(ranges[0]));
  await scoreInPanel(lab, { document, spans, whole: false });
}

/** The panel tells how far it is, and can cancel it; what went wrong it tells as well, where it is in sight. */
export async function scoreInPanel(lab: Lab, texts: Parameters<Lab['scores']['score']>[0]): Promise<void> {
  const panel = await lab.panels.tokenProbabilities();
  panel.show();
  const result = await lab.scores.score(texts);
  if (!result.ok && !panel.visible) await showReason(result.error);
}

function blankAt(range: vscode.Range | undefined): Reason {
  const where = range ? `Line ${range.start.line + 1}` : 'The selection';
  return {
    code: 'selection-blank',
    message: `${where} has no text to score.`,
    remedy: 'Select some words, or put the cursor on a line that has some.',
  };
}
