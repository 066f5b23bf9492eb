import * as vscode from 'vscode';
import type { DatasetSnapshot } from '../../protocol/panels/dataset.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Models } from '../models/models.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';

/** All that the page shows, from what is known now. */
export const datasetSnapshot = (dataset: Dataset, models: Models): DatasetSnapshot => ({
  ...dataset.state,
  name: vscode.workspace.asRelativePath(dataset.file),
  models: modelsOf(models).models,
  hasLines: hasLines(dataset),
});

/** Whether the file's lines can be shown in an editor. */
export const hasLines = ({ file, state }: Dataset): boolean =>
  state.opened.value?.format !== 'parquet' && !/\.(gz|parquet)$/i.test(file);
