import path from 'node:path';
import * as vscode from 'vscode';
import { type Reason, reasonOf } from '../../protocol/result.ts';
import { columnProblems } from '../../protocol/run/columns.ts';
import { readRun } from '../../protocol/run/reading.ts';
import { withPaths } from '../../protocol/run/paths.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import { requestOfText } from '../../protocol/run/text.ts';
import { startRun } from '../fineTune/startRun.ts';
import type { Lab } from '../lab.ts';
import { withProgress } from '../progress.ts';
import { showReason } from '../showReason.ts';

/** Starts the run.json in the editor, saved or not: in place where it is a run that has not begun, else as a new run. */
export async function startRequest(lab: Lab, given?: vscode.Uri): Promise<void> {
  const document = await documentOf(given);
  if (!document) return showReason(NO_REQUEST);
  const folder = path.dirname(document.uri.fsPath);
  try {
    const request = requestOfText(document.getText(), path.basename(document.uri.fsPath));
    const run = path.basename(document.uri.fsPath) === 'run.json' ? await readRun(folder) : undefined;
    if (run?.state === 'ready') return await startInPlace(lab, document, folder);
    const refused = await refusedByFile(lab, absolute(request, folder));
    if (refused) return await showReason(refused);
    const started = await startRun(lab, request, folder);
    if (!started.ok) await showReason(started.error);
  } catch (error) {
    await showReason(reasonOf(error), { title: 'Show Problems', run: showProblems });
  }
}

/** Opens the form over the run.json in the editor. */
export async function editRequest(lab: Lab, given?: vscode.Uri): Promise<void> {
  const document = await documentOf(given);
  if (!document) return showReason(NO_REQUEST);
  try {
    const read: RunRequest = requestOfText(document.getText(), path.basename(document.uri.fsPath));
    const base = path.dirname(document.uri.fsPath);
    await (await lab.panels.fineTune()).show(absolute(read, base));
  } catch (error) {
    await showReason(reasonOf(error), { title: 'Show Problems', run: showProblems });
  }
}

const absolute = (request: RunRequest, base: string): RunRequest =>
  withPaths(request, file => (file.startsWith('~') ? file : path.resolve(base, file)));

/** What only the dataset file can tell, told before there is a run: that it can't be read, or lacks a column. */
async function refusedByFile(lab: Lab, request: RunRequest): Promise<Reason | undefined> {
  const opened = await withProgress('Reading the dataset', call => lab.engine.openDataset(request, call));
  return opened.ok ? columnProblems(request, opened.value)[0]?.reason : opened.error;
}

const showProblems = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.actions.view.problems');

async function startInPlace(lab: Lab, document: vscode.TextDocument, folder: string): Promise<void> {
  await document.save();
  const started = await lab.runs.start(folder);
  if (!started.ok) return showReason(started.error);
  (await lab.panels.trainingCurves()).show([folder]);
}

async function documentOf(given: vscode.Uri | undefined): Promise<vscode.TextDocument | undefined> {
  if (given instanceof vscode.Uri) return vscode.workspace.openTextDocument(given);
  return vscode.window.activeTextEditor?.document;
}

const NO_REQUEST = {
  code: 'no-editor',
  message: 'No run.json is open.',
  remedy: 'Open one, or run “LM Lab: Fine-tune on Current Dataset File…” and save its form as one.',
};
