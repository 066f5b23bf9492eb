import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { deviceReportUri } from '../views/deviceReportDocument.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/** Opens which provider of the runtime runs each node of a model on the chosen device, and what the device needs for it. */
export async function deviceReport(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Device Report');
  if (!entry) return;
  const title = `Looking where “${entry.id}” runs`;
  const location = vscode.ProgressLocation.Window;
  const opened = vscode.workspace.openTextDocument(deviceReportUri(entry.id));
  const document = await vscode.window.withProgress({ location, title }, () => opened);
  await vscode.window.showTextDocument(document, { preview: true });
}
