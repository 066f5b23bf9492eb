import type { Part, Role, RunRequest } from './run/spec.ts';
import type { Call } from './engine.ts';
import type { Reason, Result } from './result.ts';

/**
 * What may be asked about a dataset. Every question carries the run request that it is about, complete or not: the
 * Dataset panel shows a request's data, so that what one sees is what a run would train on. Paths are absolute here.
 */
export type DatasetRequest = Omit<RunRequest, 'method'> & { readonly method?: RunRequest['method'] };

/** What may be asked of the engine about datasets. */
export interface DatasetApi {
  /** Reads a dataset file through once: format, columns, roles. What was read is kept while the file stays the same. */
  openDataset(request: DatasetRequest, call?: Call): Promise<Result<OpenedDataset>>;
  /** Rows after the steps, from `from` on; with `part`, those of one part of the split. */
  datasetRows(request: DatasetRowsRequest, call?: Call): Promise<Result<DatasetRows>>;
  /** Classes, lengths, split and problems of the dataset as the request would prepare it. */
  describeDataset(request: DatasetRequest, call?: Call): Promise<Result<DatasetDescription>>;
  renderDatasetRow(request: DatasetRequest & { readonly row: number }, call?: Call): Promise<Result<RenderedRow>>;
  /** The micro-batch of that number of the first epoch, as the trainer would make it. */
  datasetBatch(request: DatasetRequest & { readonly batch: number }, call?: Call): Promise<Result<LaidOpenBatch>>;
  /** What a model would be given to answer in some rows, and how many rows there are. */
  datasetPrompts(request: DatasetPromptsRequest, call?: Call): Promise<Result<DatasetPrompts>>;
  /** Writes the rows of each part, after steps and split, in the format that the folder's files are to have. */
  exportDataset(request: ExportDatasetRequest, call?: Call): Promise<Result<{ readonly files: readonly string[] }>>;
  /** Brings a dataset file from the hub or an address into a folder. */
  getDataset(request: GetDatasetRequest, call?: Call): Promise<Result<{ readonly files: readonly string[] }>>;
}

export interface DatasetRowsRequest {
  readonly dataset: DatasetRequest;
  readonly from: number;
  readonly count: number;
  readonly part?: Part;
}

export interface DatasetPromptsRequest {
  readonly dataset: DatasetRequest;
  /** After the steps, from 0; those that are not there are passed over. */
  readonly rows: readonly number[];
}

export interface DatasetPrompts {
  /** Rows after the steps. */
  readonly total: number;
  readonly prompts: readonly DatasetPrompt[];
}

/** The prompt of a row as training would have it, by its template; or why it has none. */
export type DatasetPrompt =
  | { readonly row: number; readonly prompt: string }
  | { readonly row: number; readonly leftOut: string };

export interface ExportDatasetRequest {
  readonly dataset: DatasetRequest;
  readonly folder: string;
  readonly format: 'jsonl' | 'json' | 'csv' | 'tsv';
}

export interface GetDatasetRequest {
  /** An address, or a hub dataset `owner/name[@revision][:path]`. */
  readonly source: string;
  readonly folder: string;
  readonly token?: string;
  readonly endpoint?: string;
}

export type ColumnKind = 'text' | 'label' | 'number' | 'boolean' | 'messages' | 'list' | 'object' | 'empty';

export interface DatasetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Distinct values, counted up to 1,000; null: more. */
  readonly distinct: number | null;
  /** Rows in which it is absent, null or empty. */
  readonly missing: number;
}

/** What the file is, before any step. */
export interface OpenedDataset {
  readonly file: string;
  readonly format: 'tsv' | 'csv' | 'json' | 'jsonl' | 'parquet' | 'txt';
  /** Of CSV and TSV. */
  readonly separator?: string;
  readonly encoding: string;
  readonly header: boolean;
  readonly rows: number;
  readonly columns: readonly DatasetColumn[];
  /** Those given, with the others guessed. */
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  /** What the roles suggest; null where they fit no method. */
  readonly method: RunRequest['method'] | null;
  /** Changes when the file does. */
  readonly version: string;
}

/** A cell as it is shown; longer texts end with `…` where `cut` says so. */
export interface DatasetCell {
  readonly text: string;
  readonly cut?: boolean;
}

/** A row after the steps. */
export interface DatasetRow {
  /** Its number after the steps, from 0. */
  readonly row: number;
  /** Its number in the file, from 0. */
  readonly source: number;
  /** The line of the file at which it starts, from 1; absent in Parquet. */
  readonly line?: number;
  readonly cells: readonly DatasetCell[];
  /** Of its whole encoded sequence; absent while no model or no method is chosen. */
  readonly tokens?: number;
  readonly part?: Part;
  readonly problems?: readonly string[];
}

export interface DatasetRows {
  readonly columns: readonly string[];
  readonly rows: readonly DatasetRow[];
  /** After the steps. */
  readonly total: number;
}

/** What steps, template, encoding and split make of the file. */
export interface DatasetDescription {
  /** Columns after the steps, derived ones included. */
  readonly columns: readonly DatasetColumn[];
  readonly steps: ReadonlyArray<{ readonly step: string; readonly rows: number }>;
  readonly rows: number;
  /** By falling count; absent without a label. */
  readonly classes?: ReadonlyArray<{ readonly label: string; readonly count: number }>;
  /** Null where nothing can be encoded yet; `reason` then says why. */
  readonly lengths: LengthStatistics | null;
  readonly reason?: Reason;
  readonly split: Readonly<Record<Part, number>> | null;
  readonly problems: readonly DatasetProblem[];
  /** How many there are in all; `problems` holds the first 1,000. */
  readonly problemCount: number;
}

/** Of the rows' encoded sequences, in tokens, before they are cut. */
export interface LengthStatistics {
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Bars of equal width from 0: bar i counts the lengths in [i width, (i + 1) width). */
  readonly histogram: { readonly width: number; readonly counts: readonly number[] };
  /** The cut, and how many sequences are beyond it. */
  readonly maxLength: number;
  readonly beyond: number;
}

export type ProblemKind = 'empty' | 'too-long' | 'unknown-label' | 'duplicate' | 'in-train-and-test' | 'malformed';

export interface DatasetProblem {
  readonly kind: ProblemKind;
  /** After the steps, from 0. */
  readonly row: number;
  /** The line of the file, where it has lines. */
  readonly line?: number;
  readonly message: string;
}

/** A row as the model will be given it. A row of several sequences (label words, pairs) has as many. */
export interface RenderedRow {
  readonly row: number;
  readonly part: Part | null;
  readonly label?: string;
  readonly sequences: readonly RenderedSequence[];
  /** Why it is left out, where it is. */
  readonly leftOut?: string;
}

export interface RenderedSequence {
  readonly name?: string;
  readonly tokens: ReadonlyArray<{
    readonly id: number;
    readonly text: string;
    readonly part: 'prompt' | 'completion' | 'end';
    /** Whether it is a target of the loss. */
    readonly scored: boolean;
  }>;
  /** Tokens that were cut off. */
  readonly cutTokens: number;
}

/** A training batch laid open: [B, T], padding on the right. */
export interface LaidOpenBatch {
  readonly step: number;
  readonly microBatch: number;
  readonly rows: readonly number[];
  readonly shape: readonly [number, number];
  /** Each [B][T]; `target` is the next token, -100 where it is ignored. */
  readonly cells: ReadonlyArray<
    ReadonlyArray<{ readonly id: number; readonly text: string; readonly target: number; readonly padded: boolean }>
  >;
  readonly labels?: readonly string[];
  /** Of the epoch's batches. */
  readonly batches: number;
}
