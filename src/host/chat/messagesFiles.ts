import * as vscode from 'vscode';
import type { ChatMessage } from '../../protocol/chat.ts';
import { ok, type Reason, type Result } from '../../protocol/result.ts';
import { messagesIn, messagesText } from './messagesFile.ts';

export interface MessagesOfFile {
  readonly name: string;
  readonly messages: readonly ChatMessage[];
}

const FILTERS = { 'Messages (JSON)': ['json'] };

/** Asks for a file and reads its messages; undefined: none was chosen. */
export async function openMessages(): Promise<Result<MessagesOfFile> | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ filters: FILTERS, title: 'Load Chat', ...near() })) ?? [];
  if (!file) return undefined;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  return messagesWithName(text, nameOf(file));
}

/** The messages of the JSON file in the active editor, else in one that is in sight. */
export async function messagesOfEditor(): Promise<Result<MessagesOfFile>> {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const document = [activeTextEditor, ...visibleTextEditors].find(editor => isJson(editor?.document))?.document;
  if (!document) return { ok: false, error: NO_JSON };
  return messagesWithName(document.getText(), nameOf(document.uri));
}

/** Asks for a place and writes the messages there. */
export async function saveMessages(messages: readonly ChatMessage[]): Promise<void> {
  const file = await vscode.window.showSaveDialog({ filters: FILTERS, title: 'Save Chat', ...near('chat.json') });
  if (file) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(messagesText(messages)));
}

const isJson = (document: vscode.TextDocument | undefined): boolean =>
  document !== undefined && /^jsonc?$/.test(document.languageId);

function messagesWithName(text: string, name: string): Result<MessagesOfFile> {
  const read = messagesIn(text, name);
  return read.ok ? ok({ name, messages: read.value }) : read;
}

const nameOf = (file: vscode.Uri): string => file.path.split('/').at(-1) ?? file.path;

function near(name = ''): { defaultUri?: vscode.Uri } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {};
}

const NO_JSON: Reason = {
  code: 'no-json-editor',
  message: 'No JSON file is open in an editor.',
  remedy: 'Open a file with a list of messages, or load one through the dialog.',
};
