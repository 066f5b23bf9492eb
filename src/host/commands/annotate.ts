import type * as vscode from 'vscode';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import type { Lab } from '../lab.ts';
import { chosenDataset } from './openDataset.ts';

/** Opens the Annotate panel over a dataset file, with what was set in its Dataset panel where that is open. */
export async function annotate(lab: Lab, given?: vscode.Uri | string | DatasetRequest): Promise<void> {
  const set = given && typeof given === 'object' && 'dataset' in given ? given : undefined;
  const file = set ? set.dataset.file : await chosenDataset(given as vscode.Uri | string | undefined);
  if (file === undefined) return;
  const open = (await lab.panels.datasets()).of(file)?.dataset.session.request;
  const panel = await lab.panels.annotate();
  await panel.show(set ?? open ?? { model: lab.models.activeId, dataset: { file } });
}
