import * as vscode from 'vscode';
import { CANCELLED, type Reason } from '../../protocol/result.ts';
import { textEditor } from '../editor/textEditor.ts';
import type { Lab } from '../lab.ts';
import type { Span } from '../scoring/scoredDocument.ts';
import { textsOfSelection } from '../scoring/texts.ts';
import { showReason } from '../showReason.ts';

/** A line to score instead of the selection, counted from 0. */
export interface ScoreLine {
  readonly uri: string;
  readonly line: number;
}

/** Scores the selections, else the line of the cursor; several lines are compared. */
export async function scorePerplexity(lab: Lab, where?: ScoreLine | vscode.Uri): Promise<void> {
  const editor = textEditor();
  const line = where && 'line' in where ? where : undefined; // a context menu gives the document's URI
  const document = line ? await vscode.workspace.openTextDocument(vscode.Uri.parse(line.uri)) : editor?.document;
  if (!document) return showReason(NO_EDITOR);
  const ranges = line ? [document.lineAt(line.line).range] : selectionsOf(editor as vscode.TextEditor);
  const spans = ranges.flatMap(range => textsOfSelection(document.getText(range), document.offsetAt(range.start)));
  if (spans.length === 0) return showReason(blankAt(ranges[0]));
  await score(lab, document, spans);
}

/** Where nothing is selected, the line of the cursor stands for it. */
export function selectionsOf({ document, selections }: vscode.TextEditor): vscode.Range[] {
  const chosen = selections.filter(selection => !selection.isEmpty);
  const ranges = chosen.length > 0 ? chosen : selections.map(({ active }) => document.lineAt(active.line).range);
  return [...ranges].sort((a, b) => a.start.compareTo(b.start));
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

export const NO_EDITOR: Reason = {
  code: 'no-editor',
  message: 'No text is open.',
  remedy: 'Open a file and select a sentence, or start with the samples.',
};
