import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LabExports } from '../../../src/extension.ts';

/** The extension in this window, activated. */
export async function activated(): Promise<LabExports> {
  const extension = vscode.extensions.getExtension<LabExports>('lm-lab.lm-lab');
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

/** The extension with all of its panels made. */
export type OpenedLab = Awaited<ReturnType<typeof lab>>;

/** Makes them, where they are not yet. */
export async function lab() {
  const exported = await activated();
  const { panels } = exported;
  const chatPanel = await panels.chat();
  const generationsPanel = await panels.generations();
  return {
    ...exported,
    chatPanel,
    generationsPanel,
    generations: generationsPanel.generations,
    panel: await panels.tokenProbabilities(),
    datasetPanels: await panels.datasets(),
    annotatePanel: await panels.annotate(),
    curvesPanel: await panels.trainingCurves(),
    fineTunePanel: await panels.fineTune(),
    evaluationPanel: await panels.evaluation(),
    evaluatePanel: await panels.evaluate(),
    classificationPanel: await panels.classification(),
  };
}

/** An editor with a text that is in no file; it has the focus. */
export async function editorWith(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
  const isShown = (editor?: vscode.TextEditor): boolean => editor?.document === document;
  return (await until(() => vscode.window.activeTextEditor, isShown)) as vscode.TextEditor;
}

/** Selects the ranges between offsets, and waits until the editor has told so: a new editor first tells its own. */
export async function select(editor: vscode.TextEditor, ...spans: [number, number][]): Promise<void> {
  const { document } = editor;
  const wanted = spans.map(([a, b]) => new vscode.Selection(document.positionAt(a), document.positionAt(b)));
  const isActive = (): boolean => vscode.window.activeTextEditor?.document === document;
  const holds = (): boolean =>
    isActive() &&
    editor.selections.length === wanted.length &&
    wanted.every((one, i) => editor.selections[i]?.isEqual(one));
  for (let held = 0; held < 3; held = holds() ? held + 1 : 0) {
    // On a busy machine an editor that is closing may still be the active one.
    if (!isActive()) await vscode.window.showTextDocument(document, editor.viewColumn);
    if (!holds()) editor.selections = wanted;
    await pause(50);
  }
}

/** Waits until something holds; fails with what it last was. */
export async function until<T>(value: () => T, holds: (value: T) => boolean, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const now = value();
    if (holds(now)) return now;
    if (Date.now() > end) throw new Error(`after ${seconds} s it is still ${JSON.stringify(now)?.slice(0, 500)}`);
    await pause(20);
  }
}

/** The texts of all hovers at an offset. */
export async function hoversAt(document: vscode.TextDocument, offset: number): Promise<string[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset),
  );
  return hovers.flatMap(({ contents }) => contents).map(content => (content as vscode.MarkdownString).value);
}
