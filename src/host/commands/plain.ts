import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';

// Commands that are one step.

export const showLog = (lab: Lab): void => lab.log.show();

export const showTokenProbabilities = async (lab: Lab): Promise<void> => (await lab.panels.tokenProbabilities()).show();

export const openSettings = (lab: Lab, section?: string): Thenable<unknown> =>
  vscode.commands.executeCommand(
    'workbench.action.openSettings',
    `@ext:${lab.extension.extension.id}${section ? ` ${section}` : ''}`,
  );

export async function restartEngine(lab: Lab): Promise<void> {
  await lab.process.stop('as it was restarted');
  await refreshModels(lab);
}

export async function refreshModels(lab: Lab): Promise<void> {
  const listed = await lab.models.refresh();
  if (!listed.ok) await showReason(listed.error);
}
