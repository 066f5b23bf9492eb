import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { modelInfoUri } from '../views/modelInfoDocument.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/** Opens what is known of a model: its configuration, and its modules with shapes and parameter counts. */
export async function modelInfo(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Model Info');
  if (!entry) return;
  const document = await vscode.workspace.openTextDocument(modelInfoUri(entry.id));
  await vscode.window.showTextDocument(document, { preview: true });
}
