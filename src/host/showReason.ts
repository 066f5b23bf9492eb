import * as vscode from 'vscode';
import { CANCELLED, type Reason } from '../protocol/result.ts';

interface Action {
  readonly title: string;
  readonly command: string;
}

const SHOW_LOG: Action = { title: 'Show Log', command: 'lmLab.showLog' };
const SET_TOKEN: Action = { title: 'Set Token…', command: 'lmLab.setHuggingFaceToken' };
const CHOOSE_MODEL: Action = { title: 'Choose Model…', command: 'lmLab.chooseModel' };

/** Which command carries a reason's remedy out. What is not here leads to the log. */
const REMEDIES: Readonly<Record<string, readonly Action[]>> = {
  'engine-stopped': [{ title: 'Restart Engine', command: 'lmLab.restartEngine' }, SHOW_LOG],
  'workspace-untrusted': [{ title: 'Manage Trust…', command: 'workbench.trust.manage' }, CHOOSE_MODEL],
  'selection-blank': [],
  'document-changed': [],
  'no-editor': [{ title: 'Open Samples', command: 'lmLab.openSamples' }],
  'hub-unauthorized': [SET_TOKEN],
  'hub-gated': [SET_TOKEN],
  'model-missing': [CHOOSE_MODEL],
};

/** The one way in which a failure is told: what happened, what can be done, and a button that does it. */
export async function showReason({ code, message, remedy }: Reason): Promise<void> {
  if (code === CANCELLED) return;
  const actions = REMEDIES[code] ?? [SHOW_LOG];
  const chosen = await vscode.window.showErrorMessage(`${message} ${remedy}`, ...actions.map(action => action.title));
  const action = actions.find(({ title }) => title === chosen);
  if (action) await vscode.commands.executeCommand(action.command);
}
