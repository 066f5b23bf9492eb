import type {
  ClassificationResult,
  EvaluatedRow,
  EvaluationResult,
  EvaluationStatus,
  JudgeResult,
  VoteLine,
} from '../evaluation/folder.ts';
import type { EvaluationRequest, TaskName } from '../evaluation/request.ts';
import type { Reason } from '../result.ts';
import type { ShownState } from '../run/liveness.ts';

/** What the Evaluation panel shows of an evaluation, but for its rows, which it asks for as they come in sight. */
export interface ShownEvaluation {
  readonly folder: string;
  readonly title: string;
  /** The folder's name. */
  readonly name: string;
  /** ISO 8601; empty where nothing tells. */
  readonly madeAt: string;
  readonly state: ShownState;
  readonly request: EvaluationRequest | null;
  readonly status: EvaluationStatus | null;
  readonly result: EvaluationResult | null;
  /** This window evaluates, and can stop it. */
  readonly mayStop: boolean;
  /** Why its files can't be read. */
  readonly problem: Reason | null;
}

/** One that can be shown, or laid beside the one that is. */
export type OtherEvaluation = Pick<ShownEvaluation, 'folder' | 'title' | 'name' | 'state'> & {
  readonly task: TaskName | null;
};

export interface EvaluationSnapshot {
  readonly evaluation: ShownEvaluation | null;
  /** What its figures stand beside. */
  readonly compared: ShownEvaluation | null;
  readonly others: readonly OtherEvaluation[];
  readonly rows: RowsState;
  readonly query: RowQuery;
  /** While there is no result: what its rows so far add up to. */
  readonly soFar: SoFar;
  readonly points: Points | null;
  /** The last vote on each row. */
  readonly votes: readonly VoteLine[];
}

export interface RowsState {
  /** Another one whenever the rows that the query finds may be others. */
  readonly version: number;
  /** Read so far, and those among them that could not be evaluated. */
  readonly all: number;
  readonly leftOut: number;
  /** What the rows' labels, columns, models or groups are, for a filter. */
  readonly facets: Readonly<Partial<Record<Facet, readonly string[]>>>;
}

/** What rows are told apart by. */
export type Facet = 'label' | 'predicted' | 'column' | 'model' | 'group';

/** Figures that rows are sorted by and a range of which can be singled out. */
export type RowKey =
  | 'row'
  | 'confidence'
  | 'tokens'
  | 'score'
  | 'attempts'
  | 'perplexity'
  | 'difference'
  | 'reward'
  | 'length'
  | Facet;

export interface RowQuery {
  /** In any of a row's texts, without regard to case. */
  readonly search: string;
  readonly only: 'right' | 'wrong' | 'left out' | 'voted' | null;
  readonly facets: Readonly<Partial<Record<Facet, string>>>;
  readonly range: RowRange | null;
  readonly sort: { readonly key: RowKey; readonly direction: 'ascending' | 'descending' } | null;
}

/** Rows whose figure is in it. */
export interface RowRange {
  readonly key: RowKey;
  readonly from: number;
  readonly to: number;
  /** Which of its ends belong to it. */
  readonly with: 'from' | 'to' | 'both';
}

export const ALL_ROWS: RowQuery = { search: '', only: null, facets: {}, range: null, sort: null };

export interface SoFar {
  readonly confusion: ClassificationResult['confusion'] | null;
  readonly judged: ReadonlyArray<Omit<JudgeResult['columns'][number], 'mean'> & { readonly mean: number | null }>;
}

/** Of the projection; of very many an even choice. */
export interface Points {
  readonly groups: readonly string[];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** Which of the groups. */
  readonly of: readonly number[];
  /** Its line in rows.jsonl, from 0. */
  readonly lines: readonly number[];
  /** The beginning of each text. */
  readonly texts: readonly string[];
  /** How many there are in all. */
  readonly total: number;
}

/** A row as the page lists it. */
export interface ListedRow {
  /** Its line in rows.jsonl, from 0. */
  readonly row: number;
  readonly found: EvaluatedRow;
}

export interface RowsPage {
  readonly rows: readonly ListedRow[];
  /** That the query finds. */
  readonly total: number;
}

/** From the host to the page. */
export type EvaluationMessage =
  | { readonly type: 'snapshot'; readonly snapshot: EvaluationSnapshot }
  /** Fields of the last snapshot that are new. */
  | { readonly type: 'changes'; readonly changes: Partial<EvaluationSnapshot> }
  | { readonly type: 'rows'; readonly version: number; readonly from: number; readonly page: RowsPage }
  | { readonly type: 'rowsFailed'; readonly version: number; readonly error: Reason }
  /** A row that the page asked for by its line. */
  | { readonly type: 'row'; readonly row: ListedRow };

/** What the user did in the page. */
export type EvaluationIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'show'; readonly folder: string }
  | { readonly type: 'compareWith'; readonly folder: string | null }
  | { readonly type: 'query'; readonly query: RowQuery }
  | { readonly type: 'rows'; readonly version: number; readonly from: number; readonly count: number }
  | { readonly type: 'row'; readonly line: number }
  /** Shows the row in the dataset file's editor; `open`: one is opened where there is none. */
  | { readonly type: 'reveal'; readonly line: number; readonly open: boolean }
  | { readonly type: 'openDataset' }
  /** Which of two models has answered better; null: they are as good. */
  | {
      readonly type: 'vote';
      readonly row: number;
      readonly between: readonly [string, string];
      readonly better: string | null;
    }
  /** The rows that the query finds; all of it; what was voted, to learn from. */
  | { readonly type: 'export'; readonly what: 'csv' | 'json' | 'preferences' }
  | { readonly type: 'evaluationCommand'; readonly command: EvaluationCommand }
  | { readonly type: 'evaluate' }
  /** Begins an evaluation of what this one wrote: its responses as a dataset. */
  | { readonly type: 'evaluateResponses' };

/** The commands that the page has buttons for; each takes the evaluation. */
export type EvaluationCommand =
  | 'lmLab.stopEvaluation'
  | 'lmLab.resumeEvaluation'
  | 'lmLab.evaluateAgain'
  | 'lmLab.renameEvaluation'
  | 'lmLab.deleteEvaluation'
  | 'lmLab.revealEvaluation'
  | 'lmLab.openEvaluationRequest';

/** What the page keeps over a reload of the window; the host reads which evaluations were shown. */
export interface SavedEvaluation {
  readonly folder: string | null;
  readonly compared: string | null;
  readonly query: RowQuery;
}
