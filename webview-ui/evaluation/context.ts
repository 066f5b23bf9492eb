import {
  ALL_ROWS,
  type EvaluationIntent,
  type EvaluationSnapshot,
  type ListedRow,
  type RowQuery,
  type SavedEvaluation,
  type ShownEvaluation,
} from '../../src/protocol/panels/evaluation.ts';
import type { RowPages } from '../shared/rowPages.ts';

/** How the page looks. Kept over a reload, with which evaluations are shown. */
export interface EvaluationUi extends SavedEvaluation {
  /** People choose between two responses without knowing whose they are. */
  readonly voting: boolean;
  /** Which of the models are voted on, by their places in the request. */
  readonly pair: readonly [number, number];
  /** What was asked is laid open. */
  readonly asked: boolean;
}

export const INITIAL_UI: EvaluationUi = {
  folder: null,
  compared: null,
  query: ALL_ROWS,
  voting: false,
  pair: [0, 1],
  asked: false,
};

/** What the page alone knows, and forgets when it goes. */
export interface Passing {
  /** The row that is laid open. */
  readonly row: ListedRow | null;
  /** Counts how often a row was asked to be brought in sight. */
  readonly goneTo: number;
  /** The row that is voted on, by its place in the list. */
  readonly votingAt: number;
}

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: EvaluationSnapshot;
  readonly evaluation: ShownEvaluation;
  readonly rows: RowPages<ListedRow>;
  /** Goes up with all that comes into `rows`. */
  readonly rowsRevision: number;
  readonly ui: EvaluationUi;
  readonly passing: Passing;
  send(intent: EvaluationIntent): void;
  change(ui: Partial<EvaluationUi>): void;
  pass(passing: Partial<Passing>): void;
  /** Other rows, or another order of them, from now on. */
  ask(query: Partial<RowQuery>): void;
}
