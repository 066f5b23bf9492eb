import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { err, ok, type Result } from '../../protocol/result.ts';
import type { ListedFolder } from './folderList.ts';

type Changed = Pick<ListedFolder, 'folder' | 'title'>;

/** Gives a folder another name, and returns the folder. */
export async function renameFolder({ folder, title }: Changed, name: string): Promise<Result<string>> {
  const renamed = join(dirname(folder), name);
  try {
    await rename(folder, renamed);
    return ok(renamed);
  } catch (error) {
    const message = `“${title}” could not be renamed: ${messageOf(error)}.`;
    return err('folder-not-renamed', message, 'Choose another name.');
  }
}

/** To the trash, or for good. Fails where there is no trash. */
export async function deleteFolder({ folder, title }: Changed, useTrash: boolean): Promise<Result<true>> {
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash });
    return ok(true);
  } catch (error) {
    const message = `“${title}” could not be deleted: ${messageOf(error)}.`;
    return err('folder-not-deleted', message, 'Delete its folder by hand.');
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is wrong with a name for a folder; undefined: nothing. */
function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'It needs a name.';
  const odd = /[\\/:*?"<>|\p{Cc}]/u.exec(name);
  if (odd) return `“${odd[0]}” can't stand in a folder's name.`;
  return /^\.+$/.test(name.trim()) || name.trim().endsWith('.') ? 'A folder’s name can’t end with a dot.' : undefined;
}

/** Asks for another name; undefined where it is to stay. */
export async function askName({ title, name }: Pick<ListedFolder, 'title' | 'name'>): Promise<string | undefined> {
  const from = name.endsWith(title) ? name.length - title.length : 0;
  const given = await vscode.window.showInputBox({
    title: `Rename “${title}”`,
    value: name,
    valueSelection: [from, name.length],
    prompt: 'The name of its folder',
    validateInput: nameProblem,
  });
  return given === undefined || given.trim() === name ? undefined : given.trim();
}

/** Asks in the middle of the window; the answer is one of the choices, or undefined. */
export const askModally = (message: string, detail: string, choices: readonly string[]): Thenable<string | undefined> =>
  vscode.window.showWarningMessage(message, { modal: true, detail }, ...choices);

const DELETE = 'Delete Permanently';

/**
 * Deletes by `remove`, to the trash; where there is none, for good after asking.
 * @param lost what can't be brought back then: "Its rows and figures"
 * @returns what could not be deleted, and false where the user keeps it
 */
export async function deleteAsking(
  { folder, title }: Changed,
  lost: string,
  remove: (useTrash: boolean) => Promise<Result<true>>,
): Promise<Result<boolean>> {
  const trashed = await remove(true);
  if (trashed.ok || trashed.error.code !== 'folder-not-deleted') return trashed;
  const detail = `There is no trash for ${folder}. ${lost} can't be brought back.`;
  const sure = (await askModally(`Delete “${title}” for good?`, detail, [DELETE])) === DELETE;
  return sure ? remove(false) : ok(false);
}
