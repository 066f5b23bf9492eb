import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';

const SECRET = 'lmLab.huggingFaceToken';

/** The token that was typed; undefined: the engine looks in the environment and in the hub's own token file. */
export const huggingFaceToken = (lab: Lab): Thenable<string | undefined> => lab.extension.secrets.get(SECRET);

/** Keeps a token for gated and private repositories, in the editor's secret storage. */
export async function setHuggingFaceToken(lab: Lab): Promise<void> {
  const typed = await vscode.window.showInputBox({
    title: 'Hugging Face Token',
    prompt: 'For gated and private repositories. It is kept in the editor’s secret storage, and sent to the hub only.',
    placeHolder: 'hf_…',
    password: true,
    ignoreFocusOut: true,
    validateInput: value => (/^\S*$/.test(value.trim()) ? undefined : 'A token has no spaces in it.'),
  });
  if (!typed?.trim()) return;
  await lab.extension.secrets.store(SECRET, typed.trim());
  vscode.window.setStatusBarMessage('$(check) LM Lab: token kept', 3000);
}

export async function clearHuggingFaceToken(lab: Lab): Promise<void> {
  await lab.extension.secrets.delete(SECRET);
  vscode.window.setStatusBarMessage('$(check) LM Lab: token deleted', 3000);
}
