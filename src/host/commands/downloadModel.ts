import * as vscode from 'vscode';
import { bytes, count } from '../format.ts';
import type { Lab } from '../lab.ts';
import type { Download } from '../models/models.ts';
import { GPT2_FAMILY, hubNameProblem } from '../models/hubName.ts';
import { withProgress } from '../progress.ts';
import { showReason } from '../showReason.ts';
import { huggingFaceToken } from './huggingFaceToken.ts';

/** Downloads a model from the hub and makes it the active one: a name that is given, picked or typed. */
export async function downloadModel(lab: Lab, name?: string): Promise<void> {
  const source = typeof name === 'string' ? name : await pickHubName();
  if (source === undefined) return;
  const token = await huggingFaceToken(lab);
  const added = await withProgress(source, call => lab.models.download(source, token, call));
  if (added?.ok) vscode.window.setStatusBarMessage(`$(check) ${added.value.id} is here, and the active model`, 5000);
  else if (added) {
    await showReason(added.error, { title: 'Try Again', run: () => downloadModel(lab, source) });
  }
}

export const cancelDownload = (_lab: Lab, row: { readonly download: Download }): void => row.download.cancel();

/** One of GPT-2's family, or any name as it is typed; a name that can't be one is told as such while typing. */
async function pickHubName(): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { name: string; problem?: string }>();
  pick.title = 'Download Model';
  pick.placeholder = 'Pick one, or type owner/name[@revision][:subfolder] of a GPT-2 on the hub';
  pick.matchOnDescription = true;
  const family = GPT2_FAMILY.map(({ name, title, parameters, bytes: size }) => ({
    name: name as string,
    label: title,
    description: name,
    detail: `${count(parameters)} parameters · ${bytes(size)}`,
  }));
  const offer = (typed: string): void => {
    const problem = typed.includes('/') ? hubNameProblem(typed) : undefined;
    const own = {
      name: typed,
      label: typed,
      alwaysShow: true,
      detail: problem ?? 'Download this one',
      ...(problem && { problem }),
    };
    pick.items = typed.includes('/') && !family.some(({ name }) => name === typed) ? [own, ...family] : family;
  };
  pick.onDidChangeValue(value => offer(value.trim()));
  offer('');
  pick.show();
  const chosen = await new Promise<string | undefined>(resolve => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item && !item.problem) resolve(item.name);
    });
    pick.onDidHide(() => resolve(undefined));
  });
  pick.dispose();
  return chosen;
}
