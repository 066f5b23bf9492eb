import * as vscode from 'vscode';
import { rowText } from '../classification/rowText.ts';
import type { Lab } from '../lab.ts';
import { settings, writeSetting } from '../settings.ts';
import { showReason } from '../showReason.ts';
import { type ChosenLine, chosenTexts, NO_EDITOR } from './selection.ts';

/** Labels of the selections, else of the line of the cursor; several lines are classified each by itself. */
export async function classifySelection(lab: Lab, where?: ChosenLine | vscode.Uri): Promise<void> {
  const chosen = await chosenTexts(where);
  if (!chosen) return showReason(NO_EDITOR);
  const { document, spans } = chosen;
  if (spans.length === 0) return showReason(NOTHING_THERE);
  const picked = await lab.classifiers.pick();
  if (!picked.ok) return showReason(picked.error);
  if (!picked.value) return;
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
