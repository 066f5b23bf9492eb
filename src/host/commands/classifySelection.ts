import * as vscode from 'vscode';
import { rowText } from '../classification/rowText.ts';
import { textEditor } from '../editor/textEditor.ts';
import type { Lab } from '../lab.ts';
import { textsOfSelection } from '../scoring/texts.ts';
import { settings, writeSetting } from '../settings.ts';
import { showReason } from '../showReason.ts';
import { NO_EDITOR, type ScoreLine, selectionsOf } from './scorePerplexity.ts';

/** Labels of the selections, else of the line of the cursor; several lines are classified each by itself. */
export async function classifySelection(lab: Lab, where?: ScoreLine | vscode.Uri): Promise<void> {
  const editor = textEditor();
  const line = where && 'line' in where ? where : undefined; // a context menu gives the document's URI
  const document = line ? await vscode.workspace.openTextDocument(vscode.Uri.parse(line.uri)) : editor?.document;
  if (!document) return showReason(NO_EDITOR);
  const picked = await lab.classifiers.pick();
  if (!picked.ok) return showReason(picked.error);
  if (!picked.value) return;
  const ranges = line ? [document.lineAt(line.line).range] : selectionsOf(editor as vscode.TextEditor);
  const spans = ranges.flatMap(range => textsOfSelection(document.getText(range), document.offsetAt(range.start)));
  if (spans.length === 0) return showReason(NOTHING_THERE);
  const texts = spans.map(span => {
    const [start, end] = [document.positionAt(span.start), document.positionAt(span.end)];
    const all = document.getText(new vscode.Range(start, end));
    const { text, start: from, given } = rowText(all, picked.value?.labels ?? []);
    const first = span.start + from;
    return {
      start: first,
      end: first + text.length,
      text,
      line: start.line + 1,
      ...(given !== undefined && { given }),
    };
  });
  const source = { uri: document.uri.toString(), documentName: vscode.workspace.asRelativePath(document.uri), texts };
  await (await lab.panels.classification()).show(source, picked.value.id);
}

/** Whether hovers over lines tell their label. Turned on, it sees to it that there is a classifier. */
export async function toggleLineClassification(lab: Lab): Promise<void> {
  const enabled = !settings().lineClassification.enabled;
  const picked = enabled ? await lab.classifiers.pick() : undefined;
  if (picked && !picked.ok) return showReason(picked.error);
  if (enabled && !picked?.value) return;
  await writeSetting('lineClassification.enabled', enabled);
  const by = picked?.value ? `on, by ${picked.value.id}: rest the mouse on a line` : 'off';
  vscode.window.setStatusBarMessage(`LM Lab: line classification ${by}`, 4000);
}

const NOTHING_THERE = {
  code: 'selection-blank',
  message: 'There is no text to classify.',
  remedy: 'Select some words, or put the cursor on a line that has some.',
};
