import { fileVersion } from '../../data/bytes.ts';
import { openTable } from '../../data/open.ts';
import type { Table } from '../../data/table.ts';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import { complete } from '../../protocol/run/defaults.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { type Analysis, analyse } from '../../training/examples/analysis.ts';
import type { PreparedExamples } from '../../training/examples/prepared.ts';
import { type DatasetView, type RowEncoder, viewOf } from '../../training/examples/rows.ts';
import { KeptWork } from '../keptWork.ts';
import { partsOf, type RowParts } from './parts.ts';
import type { Problem } from './problems.ts';

const MOST_TABLES = 4;
const MOST_VIEWS = 4;
const MOST_ANALYSES = 4;

export interface DescribedRows {
  readonly request: string;
  readonly problemsOf: (row: number) => readonly Problem[];
  /** In tokens; undefined where rows can't be encoded, or this one is left out. */
  readonly lengthOf: (row: number) => number | undefined;
}

/** A file that was read, with what has been made of it. */
export interface KeptDataset {
  readonly table: Table;
  readonly version: string;
  readonly views: KeptWork<DatasetView>;
  readonly analyses: KeptWork<Analysis>;
  readonly parts: KeptWork<RowParts>;
  /** What was found out about the rows of the request that was described last. */
  described: DescribedRows | undefined;
}

/** Datasets that were read through, as long as their files stay the same. */
export class KeptDatasets {
  /** Of the newest request alone: a part's examples can be large. */
  readonly prepared = new KeptWork<PreparedExamples>(1);
  private readonly datasets = new KeptWork<Kept>(MOST_TABLES, kept => kept.drop());

  /** Works with a file, which stays open until the work is done. */
  async use<T>(
    file: string,
    header: boolean | null,
    call: Call,
    work: (dataset: KeptDataset) => Promise<T>,
  ): Promise<T> {
    const { version } = await fileVersion(file);
    const key = JSON.stringify([file, header, version]);
    const kept = await this.datasets.of(
      key,
      call,
      async call => new Kept(await openTable(file, { header, ...call }), version),
    );
    return kept.use(work);
  }

  dispose(): void {
    this.datasets.clear();
    this.prepared.clear();
  }
}

class Kept implements KeptDataset {
  readonly table: Table;
  readonly version: string;
  readonly views = new KeptWork<DatasetView>(MOST_VIEWS);
  readonly analyses = new KeptWork<Analysis>(MOST_ANALYSES);
  readonly parts = new KeptWork<RowParts>(1);
  described: KeptDataset['described'];
  private users = 0;
  private dropped = false;

  constructor(table: Table, version: string) {
    this.table = table;
    this.version = version;
  }

  async use<T>(work: (dataset: KeptDataset) => Promise<T>): Promise<T> {
    this.users++;
    try {
      return await work(this);
    } finally {
      this.users--;
      this.disposeUnused();
    }
  }

  drop(): void {
    this.dropped = true;
    this.disposeUnused();
  }

  private disposeUnused(): void {
    if (this.dropped && this.users === 0) this.table.rows.dispose();
  }
}

/** What decides which rows a request has. */
const viewKey = ({ dataset }: RunSpec): string => {
  const seed = 'seed' in dataset.split ? dataset.split.seed : null;
  return JSON.stringify([dataset.steps, seed, dataset.columns]);
};

/** The request with its defaults, where its method does not matter yet. */
export const asSpec = (request: DatasetRequest): RunSpec => complete({ ...request, method: request.method ?? 'sft' });

export function keptView({ table, views }: KeptDataset, spec: RunSpec, call: Call): Promise<DatasetView> {
  return views.of(viewKey(spec), call, call => viewOf(table, spec, call));
}

/** `modelKey` changes when the encoding may. */
export function keptAnalysis(
  { analyses }: KeptDataset,
  view: DatasetView,
  spec: RunSpec,
  encoding: { readonly encoder: RowEncoder; readonly modelKey: string } | null,
  call: Call,
): Promise<Analysis> {
  const { method, dataset, sft, training } = spec;
  const how = encoding && [encoding.modelKey, method, dataset.template, sft.labelWords, training.endToken];
  return analyses.of(JSON.stringify([viewKey(spec), how]), call, call =>
    analyse(view, encoding?.encoder ?? null, call),
  );
}

/** Throws as `splitRows`. */
export const keptParts = ({ parts }: KeptDataset, spec: RunSpec, count: number, call: Call): Promise<RowParts> =>
  parts.of(JSON.stringify([spec.dataset.split, count]), call, async () => partsOf(spec, count));
