import type * as vscode from 'vscode';
import type { ModelEntry } from '../../protocol/engine.ts';
import { bytes, count } from '../format.ts';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';
import { showReason } from '../showReason.ts';

/** What a row of the Models view gives to the commands of its menu. */
export interface ModelRow {
  readonly entry: ModelEntry;
}

/** The model of the row a command was run on, else one that is picked from the list. */
export async function pickModel(lab: Lab, row: ModelRow | undefined, title: string): Promise<ModelEntry | undefined> {
  if (row?.entry) return row.entry;
  const listed = await lab.models.list();
  if (!listed.ok) {
    await showReason(listed.error);
    return undefined;
  }
  const options = { title, placeHolder: 'Which model?', matchOnDescription: true };
  return (await pickOne(listed.value.map(modelItem), options))?.entry;
}

export interface ModelItem extends vscode.QuickPickItem {
  readonly entry: ModelEntry;
}

export function modelItem(entry: ModelEntry): ModelItem {
  return {
    entry,
    label: `$(${entry.active ? 'check' : 'blank'}) ${entry.id}`,
    description: entry.problem ? '$(warning) can’t be used' : modelFigures(entry),
    detail: entry.problem?.message ?? modelOrigin(entry),
  };
}

/** `124 M parameters · 548 MB` */
export const modelFigures = (entry: ModelEntry): string =>
  `${count(entry.parameters)} parameters · ${bytes(entry.bytes)}`;

/** Where a model is from, in words. */
export function modelOrigin(entry: ModelEntry): string {
  switch (entry.source) {
    case 'starter':
      return 'Comes with LM Lab: GPT-2’s architecture, but small. For quick tries, not for its opinions';
    case 'hub':
      return `Hugging Face hub: ${entry.hubName ?? entry.id}`;
    case 'folder':
      return entry.folder;
  }
}
