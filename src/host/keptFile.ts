import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { reasonOf } from '../protocol/result.ts';
import { showReason } from './showReason.ts';

// What a panel shows outlives the window as a file of JSON in the extension's own folder.

interface Kept<T> {
  readonly version: 1;
  readonly value: T;
}

/** The write under way of each file, after which the next one comes. */
const writing = new Map<string, Promise<void>>();
/** The files whose last writing failed, which was told then. */
const refused = new Set<string>();

const UNKEPT = 'What this panel shows will be gone with the window. See whether the disk is full.';

/**
 * Keeps a value in place of the one before: whoever reads sees the old or the new one whole, also after a crash.
 * Never rejects: a first failure, such as a full disk, is shown; the panel goes on.
 */
export function keep(folder: vscode.Uri, name: string, value: unknown): Promise<void> {
  const file = vscode.Uri.joinPath(folder, name);
  const key = file.toString();
  const next = (writing.get(key) ?? Promise.resolve()).then(async () => {
    try {
      await replace(folder, file, { version: 1, value });
      refused.delete(key);
    } catch (error) {
      if (refused.has(key)) return;
      refused.add(key);
      void showReason({ ...reasonOf(error), remedy: UNKEPT });
    }
  });
  writing.set(key, next);
  return next;
}

async function replace(folder: vscode.Uri, file: vscode.Uri, kept: Kept<unknown>): Promise<void> {
  const temporary = file.with({ path: `${file.path}.${randomBytes(4).toString('hex')}.tmp` });
  await vscode.workspace.fs.createDirectory(folder);
  try {
    await vscode.workspace.fs.writeFile(temporary, new TextEncoder().encode(JSON.stringify(kept)));
    await vscode.workspace.fs.rename(temporary, file, { overwrite: true });
  } catch (error) {
    await vscode.workspace.fs.delete(temporary).then(undefined, () => undefined); // it may never have been made
    throw error;
  }
}

/** The value that was kept, or undefined where there is none of this version. */
export async function kept<T>(folder: vscode.Uri, name: string): Promise<T | undefined> {
  try {
    const content = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name));
    const read = JSON.parse(new TextDecoder().decode(content)) as Partial<Kept<T>>;
    return read.version === 1 ? read.value : undefined;
  } catch {
    return undefined; // nothing was kept
  }
}
