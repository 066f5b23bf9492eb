import type { Models } from '../../models/registry.ts';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import { datasetEmpty } from '../../protocol/datasetEmpty.ts';
import type { Call } from '../../protocol/engine.ts';
import { CANCELLED, Reasoned, reasonOf, type Reason } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { examplesModel, modelFolder } from '../../training/examples/model.ts';
import type { Views } from '../../training/examples/prepared.ts';
import {
  completed,
  type DatasetView,
  type ExamplesModel,
  type RowEncoder,
  rowEncoder,
  viewOf,
} from '../../training/examples/rows.ts';
import { fileVersions } from '../fileVersions.ts';
import { TOKENIZER_FILES, type Tokenizers } from '../tokenizers.ts';
import { asSpec, type KeptDataset, type KeptDatasets, keptParts, keptView } from './kept.ts';
import type { RowParts } from './parts.ts';

/** What answers about datasets are made with. */
export interface DatasetSetting {
  readonly datasets: KeptDatasets;
  readonly models: Pick<Models, 'resolve'>;
  readonly tokenizers: Tokenizers;
}

/** How the rows of a request become ids. */
export interface Encoding {
  readonly spec: RunSpec;
  readonly model: ExamplesModel;
  readonly modelKey: string;
  readonly encoder: RowEncoder;
}

/** A request's rows after its steps. */
export interface Asked {
  readonly dataset: KeptDataset;
  readonly view: DatasetView;
  /** With the method that is asked for, or the one that the columns suggest, if any. */
  readonly spec: RunSpec;
  readonly setting: DatasetSetting;
}

export function withRows<T>(
  setting: DatasetSetting,
  request: DatasetRequest,
  call: Call,
  work: (asked: Asked) => Promise<T>,
): Promise<T> {
  const plain = asSpec(request);
  return setting.datasets.use(plain.dataset.file, plain.dataset.header, call, async dataset => {
    const view = await keptView(dataset, plain, call);
    return work({ dataset, view, spec: plain, setting });
  });
}

const CHAT_FILES = ['tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja', 'config.json'];

/** Throws what prevents the rows from being encoded: there are none, no method, no model, columns that are missing, a wrong template. */
export async function encodingOf(request: DatasetRequest, { dataset, view, setting }: Asked): Promise<Encoding> {
  if (dataset.table.rows.count === 0) throw datasetEmpty(dataset.table.file);
  const spec = completed(request, view.roles);
  const folder = await modelFolder(spec, setting.models);
  const model = await examplesModel(folder, await setting.tokenizers.of(folder));
  const versions = await fileVersions(folder, [...TOKENIZER_FILES, ...CHAT_FILES]);
  return { spec, model, modelKey: JSON.stringify([folder, versions]), encoder: rowEncoder(spec, view, model) };
}

/** The same, or why not. */
export async function tryEncoding(
  request: DatasetRequest,
  asked: Asked,
): Promise<Encoding | { readonly reason: Reason }> {
  try {
    return await encodingOf(request, asked);
  } catch (error) {
    if (error instanceof Reasoned && error.code !== CANCELLED) return { reason: reasonOf(error) };
    throw error;
  }
}

/** The views of a split into files; with shares, that of the one file. */
export async function withViews<T>(
  { view, spec, setting }: Asked,
  call: Call,
  work: (views: Views) => Promise<T>,
): Promise<T> {
  const { split, header } = spec.dataset;
  const files = 'files' in split ? split.files : {};
  const names = (['validation', 'test'] as const).filter(part => files[part] !== undefined);
  const opened = async (left: readonly (typeof names)[number][], views: Views): Promise<T> => {
    const [part, ...rest] = left;
    if (part === undefined) return work(views);
    return setting.datasets.use(files[part] as string, header, call, async ({ table }) =>
      opened(rest, { ...views, [part]: await viewOf(table, spec, call, true) }),
    );
  };
  return opened(names, { train: view });
}

/** Undefined where the split can't be made; describeDataset says why. */
export async function partsIfAny({ dataset, spec, view }: Asked, call: Call): Promise<RowParts | undefined> {
  try {
    return await keptParts(dataset, spec, view.view.count, call);
  } catch (error) {
    if (error instanceof Reasoned && error.code !== CANCELLED) return undefined;
    throw error;
  }
}
