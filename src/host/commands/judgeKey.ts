import * as vscode from 'vscode';
import { judgeAddress } from '../../protocol/evaluation/judge.ts';
import { keepJudgeKey } from '../judges/judgeKeys.ts';
import type { Lab } from '../lab.ts';

/** Keeps the key of a judge that asks for one, in the editor's secret storage; an empty one forgets it. */
export async function setJudgeKey(lab: Lab): Promise<void> {
  const address = await vscode.window.showInputBox({
    title: 'Key of a Judge (1/2)',
    prompt: 'The address of the server that judges.',
    placeHolder: 'http://127.0.0.1:8000',
    ignoreFocusOut: true,
    validateInput: value => (/^https?:\/\/[^/\s]+/.test(value.trim()) ? undefined : 'An http or https address.'),
  });
  if (address === undefined) return;
  const server = judgeAddress(address);
  const key = await vscode.window.showInputBox({
    title: 'Key of a Judge (2/2)',
    prompt: `It is kept in the editor’s secret storage, and sent to ${server} only. Empty: forget the one that is kept.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: value => (/^\S*$/.test(value.trim()) ? undefined : 'A key has no spaces in it.'),
  });
  if (key === undefined) return;
  await keepJudgeKey(lab.extension.secrets, server, key.trim());
  vscode.window.setStatusBarMessage(`$(check) LM Lab: key ${key.trim() === '' ? 'forgotten' : 'kept'}`, 3000);
}
