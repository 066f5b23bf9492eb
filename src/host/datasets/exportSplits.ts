import path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetRequest, ExportDatasetRequest } from '../../protocol/dataset.ts';
import { withProgress } from '../progress.ts';
import { reveal } from '../folders/reveal.ts';
import { showReason } from '../showReason.ts';
import type { DatasetEngine } from './dataset.ts';

/** Asks for a folder and writes the rows of each part of the split into it. */
export async function exportSplits(
  engine: Pick<DatasetEngine, 'exportDataset'>,
  dataset: DatasetRequest,
  format: ExportDatasetRequest['format'],
): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Where to Write the Parts',
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Export Here',
      defaultUri: vscode.Uri.file(path.dirname(dataset.dataset.file)),
    })) ?? [];
  if (!folder) return;
  const request = { dataset, format, folder: folder.fsPath };
  const exported = await withProgress('Exporting the parts', call => engine.exportDataset(request, call));
  if (!exported.ok) return showReason(exported.error);
  const { files } = exported.value;
  const names = files.map(file => path.basename(file)).join(', ');
  const chosen = await vscode.window.showInformationMessage(`Wrote ${names}.`, 'Open', 'Reveal');
  const [first] = files.map(file => vscode.Uri.file(path.resolve(folder.fsPath, file)));
  if (chosen === 'Open') await vscode.commands.executeCommand('vscode.open', first);
  if (chosen === 'Reveal') await reveal((first as vscode.Uri).fsPath);
}
