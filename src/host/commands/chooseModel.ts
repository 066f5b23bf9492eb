import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';
import { showReason } from '../showReason.ts';
import { modelItem } from './pickModel.ts';
import { useModel } from './useModel.ts';

/** The models, and the ways to get another one. */
export async function chooseModel(lab: Lab): Promise<void> {
  const listed = await lab.models.list();
  if (!listed.ok) return showReason(listed.error);
  const models = listed.value.map(entry => ({ ...modelItem(entry), run: () => useModel(lab, { entry }) }));
  const others = [
    { label: '', kind: vscode.QuickPickItemKind.Separator, run: undefined },
    commandItem('$(cloud-download) Download…', 'lmLab.downloadModel'),
    commandItem('$(folder-opened) Import Folder…', 'lmLab.importModelFolder'),
    commandItem('$(chip) Choose Device…', 'lmLab.chooseDevice'),
    commandItem('$(symbol-ruler) Choose Precision…', 'lmLab.choosePrecision'),
  ];
  const title = 'Active Model';
  const chosen = await pickOne([...models, ...others], { title, matchOnDescription: true });
  await chosen?.run?.();
}

const commandItem = (label: string, command: string) => ({
  label,
  run: () => vscode.commands.executeCommand(command),
});
