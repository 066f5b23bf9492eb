import * as vscode from 'vscode';
import { CANCELLED, type Reason } from '../protocol/result.ts';

interface Action {
  readonly title: string;
  readonly command: string;
}

const SHOW_LOG: Action = { title: 'Show Log', command: 'lmLab.showLog' };
const SET_TOKEN: Action = { title: 'Set Token…', command: 'lmLab.setHuggingFaceToken' };
const CHOOSE_MODEL: Action = { title: 'Choose Model…', command: 'lmLab.chooseModel' };
const OPEN_SETTINGS: Action = { title: 'Open Settings', command: 'lmLab.openSettings' };

/** Which command carries a reason's remedy out. What is not here leads to the log. */
const REMEDIES: Readonly<Record<string, readonly Action[]>> = {
  'engine-stopped': [{ title: 'Restart Engine', command: 'lmLab.restartEngine' }, SHOW_LOG],
  'workspace-untrusted': [{ title: 'Manage Trust…', command: 'workbench.trust.manage' }, CHOOSE_MODEL],
  'no-editor': [{ title: 'Open Samples…', command: 'lmLab.openSamples' }],
  'selection-blank': [],
  'document-changed': [],
  'hub-unauthorized': [SET_TOKEN],
  'hub-gated': [SET_TOKEN],
  'hub-forbidden': [SET_TOKEN],
  'hub-token-invalid': [SET_TOKEN],
  'hub-endpoint-invalid': [OPEN_SETTINGS],
  'model-unknown': [CHOOSE_MODEL],
  'model-folder-gone': [CHOOSE_MODEL],
  'model-not-downloaded': [{ title: 'Download Model…', command: 'lmLab.downloadModel' }, CHOOSE_MODEL],
  'device-unavailable': [{ title: 'Choose Device…', command: 'lmLab.chooseDevice' }, SHOW_LOG],
};

/** The one way in which a failure is told: what happened, what can be done, and a button that does it. */
export async function showReason({ code, message, remedy }: Reason): Promise<void> {
  if (code === CANCELLED) return;
  const actions = REMEDIES[code] ?? [SHOW_LOG];
  const chosen = await vscode.window.showErrorMessage(`${message} ${remedy}`, ...actions.map(action => action.title));
  const action = actions.find(({ title }) => title === chosen);
  if (action) await vscode.commands.executeCommand(action.command);
}
