import * as vscode from 'vscode';
import type { Reason } from '../../protocol/result.ts';
import { textEditor } from '../editor/textEditor.ts';
import type { Span } from '../scoring/scoredDocument.ts';
import { textsOfSelection } from '../scoring/texts.ts';

/** A line that a command is about instead of the selection, counted from 0. */
export interface ChosenLine {
  readonly uri: string;
  readonly line: number;
}

/** Texts of a document, in its order. */
export interface ChosenTexts {
  readonly document: vscode.TextDocument;
  /** Where they were looked for: there may be no text. */
  readonly ranges: readonly vscode.Range[];
  readonly spans: readonly Span[];
}

/**
 * The texts of the line that is given, else of the selections in the active editor, else of the lines of its cursors;
 * undefined where no editor is open.
 */
export async function chosenTexts(where?: ChosenLine | vscode.Uri): Promise<ChosenTexts | undefined> {
  const editor = textEditor();
  const line = where && 'line' in where ? where : undefined; // a context menu gives the document's URI
  const document = line ? await vscode.workspace.openTextDocument(vscode.Uri.parse(line.uri)) : editor?.document;
  if (!document) return undefined;
  const ranges = line ? [document.lineAt(line.line).range] : selectionsOf(editor as vscode.TextEditor);
  const spans = ranges.flatMap(range => textsOfSelection(document.getText(range), document.offsetAt(range.start)));
  return { document, ranges, spans };
}

/** Where nothing is selected, the line of the cursor stands for it. */
function selectionsOf({ document, selections }: vscode.TextEditor): vscode.Range[] {
  const chosen = selections.filter(selection => !selection.isEmpty);
  const ranges = chosen.length > 0 ? chosen : selections.map(({ active }) => document.lineAt(active.line).range);
  return [...ranges].sort((a, b) => a.start.compareTo(b.start));
}

export const NO_EDITOR: Reason = {
  code: 'no-editor',
  message: 'No text is open.',
  remedy: 'Open a file and select a sentence, or start with the samples.',
};
