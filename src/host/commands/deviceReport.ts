import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { withProgress } from '../progress.ts';
import { newDeviceReport } from '../views/deviceReportDocument.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/** Opens which provider of the runtime runs each node of a model on the chosen device, and what the device needs for it. */
export async function deviceReport(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Device Report');
  if (!entry) return;
  const uri = await withProgress(`Looking where “${entry.id}” runs`, call => newDeviceReport(lab, entry.id, call));
  if (uri) await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}
