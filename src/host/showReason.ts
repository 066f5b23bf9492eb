import * as vscode from 'vscode';
import { CANCELLED, type Reason } from '../protocol/result.ts';

/** A button, and what it does: a command, or something that the caller knows. */
export interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

const command = (title: string, id: string): Action => ({ title, run: () => vscode.commands.executeCommand(id) });

const SHOW_LOG = command('Show Log', 'lmLab.showLog');
const SET_TOKEN = command('Set Token…', 'lmLab.setHuggingFaceToken');
const SET_JUDGE_KEY = command('Set Key…', 'lmLab.setJudgeKey');
const CHOOSE_MODEL = command('Choose Model…', 'lmLab.chooseModel');

const PYTHON = [command('Create Python Environment…', 'lmLab.createPythonEnvironment'), SHOW_LOG];

/** Which command carries a reason's remedy out. What is not here leads to the log. */
const REMEDIES: Readonly<Record<string, readonly Action[]>> = {
  'engine-stopped': [command('Restart Engine', 'lmLab.restartEngine'), SHOW_LOG],
  'workspace-untrusted': [command('Manage Trust…', 'workbench.trust.manage'), CHOOSE_MODEL],
  'dataset-empty': [command('Get Dataset…', 'lmLab.getDataset')],
  'no-editor': [command('Open Samples…', 'lmLab.openSamples')],
  'decoding-unknown': [command('Open Settings', 'lmLab.openSettings')],
  'python-missing': PYTHON,
  'python-too-old': PYTHON,
  'python-unusable': PYTHON,
  'packages-missing': PYTHON,
  'packages-too-old': PYTHON,
  'run-unknown': [command('Open Run Folder…', 'lmLab.openRunFolder')],
  'run-under-way': [],
  'run-without-model': [],
  'run-without-responses': [],
  'evaluation-busy': [],
  'evaluation-elsewhere': [],
  'run-file-missing': [],
  'selection-blank': [],
  'document-changed': [],
  'hub-unauthorized': [SET_TOKEN],
  'hub-gated': [SET_TOKEN],
  'hub-forbidden': [SET_TOKEN],
  'hub-token-invalid': [SET_TOKEN],
  'hub-endpoint-invalid': [command('Open Settings', 'lmLab.openSettings')],
  'judge-unauthorized': [SET_JUDGE_KEY],
  'judge-key-missing': [SET_JUDGE_KEY],
  'classifier-missing': [command('Fine-tune…', 'lmLab.fineTune'), command('Import…', 'lmLab.importModelFolder')],
  'token-head-missing': [CHOOSE_MODEL],
  'model-unknown': [CHOOSE_MODEL],
  'model-folder-gone': [CHOOSE_MODEL],
  'model-not-downloaded': [command('Download Model…', 'lmLab.downloadModel'), CHOOSE_MODEL],
  'device-unavailable': [command('Choose Device…', 'lmLab.chooseDevice'), SHOW_LOG],
};

/**
 * The one way in which a failure is told: what happened, what can be done, and a button that does it. `again` is a
 * button beside those of the reason. What was cancelled is not told: whoever cancelled knows.
 */
export async function showReason({ code, message, remedy }: Reason, again?: Action): Promise<void> {
  if (code === CANCELLED) return;
  const known = REMEDIES[code];
  const actions = [...(known ?? []), ...(again ? [again] : []), ...(known ? [] : [SHOW_LOG])];
  const chosen = await vscode.window.showErrorMessage(`${message} ${remedy}`, ...actions.map(action => action.title));
  await actions.find(({ title }) => title === chosen)?.run();
}
