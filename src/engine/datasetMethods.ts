import { guessMethod } from '../data/roles.ts';
import { getDataset } from '../models/datasets.ts';
import type { DatasetApi, OpenedDataset } from '../protocol/dataset.ts';
import { rolesOf } from '../training/examples/rows.ts';
import { View } from '../data/view.ts';
import type { Attempt } from './attempts.ts';
import { layOpen } from './datasets/batch.ts';
import { describe, shownColumn } from './datasets/describe.ts';
import { exportParts } from './datasets/export.ts';
import { asSpec, type KeptDataset } from './datasets/kept.ts';
import { promptsOf } from './datasets/prompts.ts';
import { renderRow } from './datasets/render.ts';
import { rowsOf } from './datasets/rows.ts';
import { type DatasetSetting, withRows } from './datasets/setting.ts';

/** What is asked of dataset files: they are read once, and kept while they stay the same. */
export function datasetMethods(setting: DatasetSetting, attempt: Attempt): DatasetApi {
  return {
    openDataset: (request, call = {}) =>
      attempt(() => {
        const { dataset } = asSpec(request);
        return setting.datasets.use(dataset.file, dataset.header, call, async kept => opened(kept, dataset.columns));
      }),
    datasetRows: (request, call = {}) =>
      attempt(() => withRows(setting, request.dataset, call, asked => rowsOf(request, asked, call))),
    describeDataset: (request, call = {}) =>
      attempt(() => withRows(setting, request, call, asked => describe(request, asked, call))),
    renderDatasetRow: (request, call = {}) =>
      attempt(() => withRows(setting, request, call, asked => renderRow(request, asked, call))),
    datasetBatch: (request, call = {}) =>
      attempt(() => withRows(setting, request, call, asked => layOpen(request, asked, call))),
    datasetPrompts: (request, call = {}) =>
      attempt(() => withRows(setting, request.dataset, call, asked => promptsOf(request, asked))),
    exportDataset: (request, call = {}) =>
      attempt(() => withRows(setting, request.dataset, call, asked => exportParts(request, asked, call))),
    getDataset: ({ source, folder, token, endpoint }, call = {}) =>
      attempt(async () => ({
        files: await getDataset(source, folder, { ...call, token, endpoint, environment: process.env }),
      })),
  };
}

function opened({ table, version }: KeptDataset, given: OpenedDataset['roles']): OpenedDataset {
  const { file, format, separator, encoding, header, columns, rows } = table;
  const roles = rolesOf(new View(table), given);
  return {
    file,
    format,
    ...(separator !== undefined && { separator }),
    encoding,
    header,
    rows: rows.count,
    columns: columns.map(shownColumn),
    roles,
    method: guessMethod(roles),
    version,
  };
}
