import type {
  DatasetDescription,
  DatasetRequest,
  DatasetRow,
  ExportDatasetRequest,
  LaidOpenBatch,
  OpenedDataset,
  RenderedRow,
} from '../dataset.ts';
import type { Progress } from '../engine.ts';
import type { Reason } from '../result.ts';
import type { Part } from '../run/spec.ts';
import type { ModelOption } from './tokenProbabilities.ts';

/** All that the Dataset panel shows, but for the rows, which it asks for as they come in sight. */
export interface DatasetSnapshot extends DatasetSession {
  /** As a person names it: its path in the workspace folder. */
  readonly name: string;
  readonly models: readonly ModelOption[];
  /** What the file is. */
  readonly opened: Asked<OpenedDataset>;
  /** What the request makes of it. */
  readonly description: Asked<DatasetDescription>;
  /** The row that is chosen, as the model will be given it. */
  readonly row: Asked<RenderedRow>;
  readonly batch: Asked<LaidOpenBatch>;
  /** Another one whenever the rows may be others. */
  readonly rowsVersion: number;
  /** The file has lines that an editor can show. */
  readonly hasLines: boolean;
}

/** What outlives the window, for each file. */
export interface DatasetSession {
  /** What the panel is about: the data of a run. */
  readonly request: DatasetRequest;
  readonly shown: ShownRows;
  /** After the steps, from 0; null: none is chosen. */
  readonly chosenRow: number | null;
  /** Of the first epoch, from 0. */
  readonly chosenBatch: number;
  readonly view: DatasetView;
}

/** Which rows the table shows. */
export interface ShownRows {
  /** Those of one part of the split; null: all. */
  readonly part: Part | null;
  /** As they are after so many of the steps; null: after all. */
  readonly afterSteps: number | null;
}

/** The file of the rows that are shown, where the part that is shown has one of its own; else null. */
export function ownFileOfPart({ request, shown }: DatasetSession): string | null {
  const { split } = request.dataset;
  const { part } = shown;
  return split && 'files' in split && part !== null && part !== 'train' ? (split.files[part] ?? null) : null;
}

/** What the page remembers of itself. */
export interface DatasetView {
  /** What is laid open under the rows. */
  readonly detail: 'row' | 'batch' | 'problems';
  /** What a cell of a batch says. */
  readonly batchCells: 'text' | 'ids';
  /** What is set is in sight; else it is summed up in a line. */
  readonly preparationOpen: boolean;
  readonly allClasses: boolean;
}

/** Something that the engine was asked. What was answered before stays while it is asked anew. */
export interface Asked<T> {
  readonly value: T | null;
  /** While it is under way. */
  readonly progress: Progress | null;
  readonly error: Reason | null;
}

/** From the host to the page. */
export type DatasetMessage =
  | { readonly type: 'snapshot'; readonly snapshot: DatasetSnapshot }
  /** Fields of the last snapshot that are new. */
  | { readonly type: 'changes'; readonly changes: Partial<DatasetSnapshot> }
  /** Rows that the page asked for. `from` and `total` count the rows that are shown. */
  | { readonly type: 'rows'; readonly version: number; readonly from: number; readonly page: DatasetPage }
  | { readonly type: 'rowsFailed'; readonly version: number; readonly error: Reason }
  /** The cursor went to this row in the editor: bring it in sight. */
  | { readonly type: 'goTo'; readonly row: number };

export interface DatasetPage {
  readonly columns: readonly string[];
  readonly rows: readonly DatasetRow[];
  readonly total: number;
}

/** What the user did in the page. */
export type DatasetIntent =
  | { readonly type: 'ready' }
  /** The request is another one from now on. Its file stays. */
  | { readonly type: 'edit'; readonly request: DatasetRequest }
  | { readonly type: 'view'; readonly view: DatasetView }
  | { readonly type: 'rows'; readonly version: number; readonly from: number; readonly count: number }
  | { readonly type: 'show'; readonly shown: ShownRows }
  | { readonly type: 'chooseRow'; readonly row: number | null }
  | { readonly type: 'chooseBatch'; readonly batch: number }
  /** Shows the line (from 1) of the file in its editor; `open`: one is opened where there is none. */
  | { readonly type: 'reveal'; readonly line: number; readonly open: boolean }
  | { readonly type: 'openFile' }
  /** Asks for a file whose rows are that part. */
  | { readonly type: 'chooseFile'; readonly part: 'validation' | 'test' }
  | { readonly type: 'readAgain' }
  | { readonly type: 'cancel' }
  | { readonly type: 'export'; readonly format: ExportDatasetRequest['format'] }
  | { readonly type: 'fineTune' }
  | { readonly type: 'evaluate' }
  | { readonly type: 'annotate' }
  | { readonly type: 'runCommand'; readonly command: DatasetCommand };

/** The commands that the page has buttons for. */
export type DatasetCommand = 'lmLab.getDataset' | 'lmLab.chooseModel' | 'lmLab.downloadModel' | 'lmLab.showLog';
