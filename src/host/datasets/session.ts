import type * as vscode from 'vscode';
import type { DatasetSession } from '../../protocol/panels/dataset.ts';

// What is set for each dataset file, in the workspace's memory.

const KEY = 'lmLab.datasets';

/** The files that were opened last keep theirs. */
const KEPT_FILES = 50;

type Kept = Readonly<Record<string, DatasetSession>>;

/** How a file is shown at first: its data as a run with this model would take it. */
export const firstSession = (file: string, model: string): DatasetSession => ({
  request: { model, dataset: { file } },
  shown: { part: null, afterSteps: null },
  chosenRow: null,
  chosenBatch: 0,
  view: { detail: 'row', batchCells: 'text', preparationOpen: true, allClasses: false },
});

export const keptSession = (memory: vscode.Memento, file: string): DatasetSession | undefined =>
  memory.get<Kept>(KEY, {})[file];

export function keepSession(memory: vscode.Memento, session: DatasetSession): Thenable<void> {
  const { file } = session.request.dataset;
  const { [file]: _, ...others } = memory.get<Kept>(KEY, {});
  const newest = Object.entries(others).slice(1 - KEPT_FILES);
  return memory.update(KEY, Object.fromEntries([...newest, [file, session]]));
}
