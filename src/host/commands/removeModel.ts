import * as vscode from 'vscode';
import { bytes } from '../format.ts';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/** Takes a model off the list, after asking. Only a download's files can be deleted with it. */
export async function removeModel(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Remove Model');
  if (!entry) return;
  const download = entry.source === 'hub';
  const [keep, remove] = ['Remove from List', `Delete ${bytes(entry.bytes)} as Well`];
  const detail = download
    ? 'Its files are in the Hugging Face cache, which other programs use as well.'
    : `Its folder stays as it is: ${entry.folder}`;
  const choices = download ? [keep, remove] : [keep];
  const chosen = await vscode.window.showWarningMessage(`Remove “${entry.id}”?`, { modal: true, detail }, ...choices);
  if (chosen === undefined) return;
  const removed = await lab.models.remove(entry, chosen === remove);
  if (!removed.ok) await showReason(removed.error);
}
