import type * as vscode from 'vscode';
import { CANCELLED, type Reason } from '../../protocol/result.ts';
import type { Lab } from '../lab.ts';
import type { Span } from '../scoring/scoredDocument.ts';
import { showReason } from '../showReason.ts';
import { type ChosenLine, chosenTexts, NO_EDITOR } from './selection.ts';

/** Scores the selections, else the line of the cursor; several lines are compared. */
export async function scorePerplexity(lab: Lab, where?: ChosenLine | vscode.Uri): Promise<void> {
  const chosen = await chosenTexts(where);
  if (!chosen) return showReason(NO_EDITOR);
  const { document, ranges, spans } = chosen;
  if (spans.length === 0) return showReason(blankAt(ranges[0]));
  await score(lab, document, spans);
}

async function score(lab: Lab, document: vscode.TextDocument, spans: readonly Span[]): Promise<void> {
  const panel = await lab.panels.tokenProbabilities();
  panel.show();
  const result = await lab.scores.score({ document, spans, whole: false });
  // The panel tells what went wrong, where it is in sight.
  if (!result.ok && result.error.code !== CANCELLED && !panel.visible) await showReason(result.error);
}

function blankAt(range: vscode.Range | undefined): Reason {
  const where = range ? `Line ${range.start.line + 1}` : 'The selection';
  return {
    code: 'selection-blank',
    message: `${where} has no text to score.`,
    remedy: 'Select some words, or put the cursor on a line that has some.',
  };
}
