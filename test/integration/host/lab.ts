import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LabExports } from '../../../src/extension.ts';

/** The extension in this window, activated. */
export async function lab(): Promise<LabExports> {
  const extension = vscode.extensions.getExtension<LabExports>('lm-lab.lm-lab');
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

/** An editor with a text that is in no file. */
export async function editorWith(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  return vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
}

/** Selects the ranges between offsets. */
export function select(editor: vscode.TextEditor, ...spans: [number, number][]): void {
  const { document } = editor;
  editor.selections = spans.map(([a, b]) => new vscode.Selection(document.positionAt(a), document.positionAt(b)));
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
