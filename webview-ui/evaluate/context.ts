import type { EvaluationProblem } from '../../src/protocol/evaluation/check.ts';
import type { EvaluationRequest, EvaluationSpec } from '../../src/protocol/evaluation/request.ts';
import type { EvaluateIntent, EvaluateSnapshot } from '../../src/protocol/panels/evaluate.ts';

/** What the page itself remembers, over reloads too. */
export interface UiState {
  /** Groups that differ from how they are at first: open or closed. */
  readonly toggled: readonly string[];
}

export const INITIAL_UI: UiState = { toggled: [] };

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: EvaluateSnapshot;
  /** As it is written now, ahead of the host. */
  readonly request: EvaluationRequest;
  /** With its defaults. */
  readonly spec: EvaluationSpec;
  /** By the path of the field that they are shown at. */
  readonly problems: ReadonlyMap<string, EvaluationProblem>;
  readonly ui: UiState;
  /** Another value of a field; undefined: its default. */
  set(path: string, value: unknown): void;
  edit(request: EvaluationRequest): void;
  send(intent: EvaluateIntent): void;
  change(ui: Partial<UiState>): void;
}
